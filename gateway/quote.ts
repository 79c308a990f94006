/** Text as JSON writes it; most texts need nothing but quotes around them. */
// eslint-disable-next-line no-control-regex -- these are what JSON escapes
const TO_BE_ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;

export const quote = (text: string): string => (TO_BE_ESCAPED.test(text) ? JSON.stringify(text) : `"${text}"`);
