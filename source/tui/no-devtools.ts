/**
 * Stands in for `react-devtools-core` in the bundle. Ink imports it when `DEV`
 * is set; as an external package it would crash the program of everybody who
 * does not have it.
 */
const devtools = {
  initialize(): void {},
  connectToDevTools(): void {},
};

export default devtools;
