/** Text as JSON writes it; most texts need nothing but quotes around them. */
// eslint-disable-next-line no-control-regex -- they are what must be escaped
const TO_BE_ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;

export const quote = (text: string): string => (TO_BE_ESCAPED.test(text) ? JSON.stringify(text) : `"${text}"`);
