/** A letter's link carries its token after the #: the mutation that takes it is written out, ready to run. */
const LETTERS = {
  'verify-email': (token) => `mutation VerifyEmail {\n  verifyEmail(input: { token: "${token}" }) {\n    user { id }\n    userErrors { code message }\n  }\n}\n`,
  'reset-password': (token) => `mutation ResetPassword {\n  resetPassword(input: { token: "${token}", newPassword: "" }) {\n    userErrors { code message }\n  }\n}\n`,
  'accept-invitation': (token) => `# Sign in first, in the panel "Account".\nmutation AcceptInvitation {\n  acceptInvitation(input: { token: "${token}" }) {\n    tenant { slug viewerRole }\n    userErrors { code message }\n  }\n}\n`,
};

/** What a letter's link asks to be run, or null. The token is letters, digits, dots and hyphens: nothing that ends a string. */
export function operationOfLetter(hash) {
  const [, letter, token] = /^#([a-z-]+)=([\w.-]{1,200})$/.exec(hash) ?? [];
  return Object.hasOwn(LETTERS, letter ?? '') ? { query: LETTERS[letter](token), variables: '' } : null;
}
