/**
 * Cuts the document type declaration, internal subset included, out of an XML
 * document. Feeds have no use for one but to define entities, and entities
 * are how a kilobyte becomes a gigabyte ("billion laughs").
 */
export function removeDoctype(xml: string): { readonly text: string; readonly removed: string | null } {
  const start = xml.search(/<!DOCTYPE/i);
  const root = xml.search(/<[a-z_]/i);
  if (start === -1 || (root !== -1 && root < start)) return { text: xml, removed: null };
  let depth = 0;
  let quote = '';
  for (let at = start; at < xml.length; at += 1) {
    const char = xml[at];
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '<' && xml.startsWith('<!--', at)) {
      const end = xml.indexOf('-->', at);
      at = end === -1 ? xml.length : end + 2;
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '[') depth += 1;
    else if (char === ']') depth -= 1;
    else if (char === '>' && depth <= 0) {
      return { text: xml.slice(0, start) + xml.slice(at + 1), removed: xml.slice(start, at + 1) };
    }
  }
  // Never closed: everything after it is the declaration.
  return { text: xml.slice(0, start), removed: xml.slice(start) };
}
