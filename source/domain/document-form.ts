/** What every document of a signal begins with: its form, and the version of it. */
export const documentForm = 'signal/1';
