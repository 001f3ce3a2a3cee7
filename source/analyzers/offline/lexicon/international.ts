import type { Lexicon } from './lexicon.ts';

/** Terms that people write in English whatever their language. */
export const international: Lexicon = {
  lang: 'international',
  classes: {},
  ignore: '',
  categories: {
    outage: {
      3: 'bad gateway; service unavailable',
      2: 'outage; 502|503|504; offline; timeout',
      1: 'down; error 500; server; status',
    },
    security: {
      3: 'cve #?; ransomware; data leak|breach',
      2: 'phishing; malware; hacked; exploit; xss; spam',
      1: 'leak; hack; 2fa',
    },
    bug: {
      2: 'bug|bugs; crash|crashes; glitch; stacktrace|traceback; exception|nullpointerexception',
      1: 'error|errors; lag; fail; freeze',
    },
    churn: { 1: 'refund; premium' },
    feature: { 2: 'feature request', 1: 'feature; dark mode; roadmap' },
    praise: { 2: 'kudos; bravo', 1: 'top; super; love; thanks; wow; perfect' },
  },
  negators: 'no|not',
  conditionals: '',
  resolved: '',
  urgency: { 2: 'asap; urgent; sos', 1: 'help' },
  persons: '',
};
