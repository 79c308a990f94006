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
  const fetcher = GraphiQL.createFetcher
    ? GraphiQL.createFetcher({ url: '/graphql' })
    : async (body, options) => (await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(options && options.headers) },
      body: JSON.stringify(body),
    })).json();
  const root = ReactDOM.createRoot(document.getElementById('explorer'));
  root.render(React.createElement(GraphiQL, {
    fetcher,
    defaultQuery: FIRST,
    defaultEditorToolsVisibility: 'headers',
    shouldPersistHeaders: false,
  }));
})();
