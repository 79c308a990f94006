/** By what titles are ordered and begin: upper and lower case alike, and no longer than an index takes. The same of what is kept and of what is asked for. */
export const titleKey = (text: string): string => `left(lower(${text} COLLATE "pg_c_utf8"), 200) COLLATE "C"`;
