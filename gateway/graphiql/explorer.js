/* Starts GraphiQL over this origin's /graphql. Plain JavaScript: a browser runs it as it is. */
(() => {
  const FIRST = `# Atlas: one graph over users, tenants and what they know.
#
# Sign in: run the first mutation, then put its accessToken into "Headers" below:
#   { "Authorization": "Bearer <accessToken>", "Atlas-Tenant": "<slug>" }

query Scopes {
  apiKeyScopes { name description }
}

mutation Register {
  register(input: { email: "ada@example.com", password: "correct horse battery", name: "Ada" }) {
    user { id name }
    session { accessToken expiresAt }
    userErrors { code message path }
  }
}
`;
  // A letter's link carries its token after the #: the mutation that takes it is written out, ready to run.
  const LETTERS = {
    'verify-email': (token) => `mutation VerifyEmail {\n  verifyEmail(input: { token: "${token}" }) {\n    user { id }\n    userErrors { code message }\n  }\n}\n`,
    'reset-password': (token) => `mutation ResetPassword {\n  resetPassword(input: { token: "${token}", newPassword: "" }) {\n    userErrors { code message }\n  }\n}\n`,
    'accept-invitation': (token) => `# Needs the headers of a signed-in person.\nmutation AcceptInvitation {\n  acceptInvitation(input: { token: "${token}" }) {\n    tenant { slug viewerRole }\n    userErrors { code message }\n  }\n}\n`,
  };
  const [, letter, token] = /^#([a-z-]+)=([\w.-]+)$/.exec(location.hash) || [];
  const query = LETTERS[letter] && LETTERS[letter](token);
  if (query) history.replaceState(null, '', location.pathname);

  const fetcher = GraphiQL.createFetcher({ url: '/graphql' });
  const root = ReactDOM.createRoot(document.getElementById('explorer'));
  root.render(React.createElement(GraphiQL, {
    fetcher,
    defaultQuery: FIRST,
    ...(query && { query }),
    defaultEditorToolsVisibility: 'headers',
    shouldPersistHeaders: false,
  }));
})();
