/**
 * What Slack's documentation says that a message may be
 * (docs.slack.dev/reference/block-kit and chat.postMessage), for those blocks
 * that this program makes. Everything else is refused.
 */
type Json = Record<string, unknown>;

const limits = {
  blocks: 50,
  section: 3_000,
  field: 2_000,
  fields: 10,
  header: 150,
  context: 10,
  text: 40_000,
};

/** Problems of a message's body, in words; empty when Slack would take it. */
export function blockKitProblems(body: Json): readonly string[] {
  const problems: string[] = [];
  const { text, blocks } = body;
  if (typeof text !== 'string' || text.trim() === '') problems.push('no_text');
  else {
    if (text.length > limits.text) problems.push('msg_too_long');
    problems.push(...mrkdwnProblems(text, 'text'));
  }
  if (blocks === undefined) return problems;
  if (!Array.isArray(blocks) || blocks.length === 0 || blocks.length > limits.blocks) {
    return [...problems, 'blocks: 1 to 50'];
  }
  for (const [index, block] of blocks.entries()) {
    problems.push(...blockProblems(block as Json).map((problem) => `blocks[${index}] ${problem}`));
  }
  return problems;
}

function blockProblems(block: Json): readonly string[] {
  switch (block.type) {
    case 'header':
      return [
        ...unknownKeys(block, ['type', 'text']),
        ...textProblems(block.text, 'plain_text', limits.header),
      ];
    case 'section': {
      const fields = block.fields as unknown[] | undefined;
      if (block.text === undefined && fields === undefined) return ['section: neither text nor fields'];
      return [
        ...unknownKeys(block, ['type', 'text', 'fields']),
        ...(block.text === undefined ? [] : textProblems(block.text, 'mrkdwn', limits.section)),
        ...(fields !== undefined && (fields.length === 0 || fields.length > limits.fields)
          ? ['fields: 1 to 10']
          : []),
        ...(fields ?? []).flatMap((field) => textProblems(field, 'mrkdwn', limits.field)),
      ];
    }
    case 'context': {
      const elements = block.elements as unknown[];
      if (!Array.isArray(elements) || elements.length === 0 || elements.length > limits.context) {
        return ['context: 1 to 10 elements'];
      }
      return [
        ...unknownKeys(block, ['type', 'elements']),
        ...elements.flatMap((element) => textProblems(element, 'mrkdwn', limits.section)),
      ];
    }
    default:
      return [`unknown block ${String(block.type)}`];
  }
}

function textProblems(object: unknown, type: string, longest: number): readonly string[] {
  const { type: given, text, ...rest } = object as Json;
  const allowed = type === 'plain_text' ? ['emoji'] : ['verbatim'];
  const problems = unknownKeys(rest, allowed);
  if (given !== type) return [...problems, `${String(given)} instead of ${type}`];
  if (typeof text !== 'string' || text.trim() === '') return [...problems, 'empty text'];
  // The stricter of the ways in which a length can be counted.
  if (text.length > longest) problems.push(`text of ${text.length}, at most ${longest}`);
  if (type === 'mrkdwn') {
    if (rest.verbatim !== true) problems.push('mrkdwn that makes links and mentions of its own accord');
    problems.push(...mrkdwnProblems(text, 'mrkdwn'));
  }
  if (hasControls(text)) problems.push('control characters');
  return problems;
}

/** `<` and `>` only around a link of our own, `&` only in the three entities: anything else could command Slack. */
function mrkdwnProblems(text: string, where: string): string[] {
  const withoutLinks = text.replace(/<https?:\/\/[^<>|\s]+\|(?:open|Open the post)>/g, '');
  const problems: string[] = [];
  if (/[<>]/.test(withoutLinks)) problems.push(`${where}: an unescaped < or >`);
  if (/&(?!amp;|lt;|gt;)/.test(text)) problems.push(`${where}: an unescaped &`);
  if (hasControls(text)) problems.push(`${where}: control characters`);
  if (!text.isWellFormed()) problems.push(`${where}: half a character`);
  return problems;
}

function hasControls(text: string): boolean {
  return /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u200b\u202a-\u202e\u2066-\u2069]/.test(text);
}

function unknownKeys(object: Json, known: readonly string[]): string[] {
  return Object.keys(object)
    .filter((key) => !known.includes(key))
    .map((key) => `unknown key ${key}`);
}
