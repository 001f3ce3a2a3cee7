/**
 * Every feature flag, declared here and nowhere else. A flag that is declared
 * is asked for somewhere (`isOn`), and none is asked for that is not declared;
 * a test holds both.
 */
interface FlagDeclaration {
  /** What is so while it is on, in one line. */
  readonly description: string;
  /** What is so while it is off, and what turning it on again does. */
  readonly whenOff: string;
  /**
   * For whom it is decided: once a run for the installation, since what runs make
   * is shared by all; or at a request, for the key of whoever asks.
   */
  readonly decidedFor: 'installation' | 'caller';
  /** The part of the program that it belongs to. */
  readonly owner: 'learning' | 'grouping' | 'analysis' | 'server';
  readonly default: FlagState;
}

/** `25%` is on for a quarter of all subjects, always the same ones; two decimals at most. */
export type FlagState = 'on' | 'off' | `${number}%`;

const declared = {
  'learned-relevance': {
    description: 'What you keep and dismiss moves the order of the list',
    whenOff:
      'Every signal counts alike (relevance 1); the next run scores again what was moved, and again when it is on.',
    decidedFor: 'installation',
    owner: 'learning',
    default: 'on',
  },
  'near-duplicates': {
    description: 'Posts whose texts are nearly the same join one signal',
    whenOff:
      'Posts join only by equal text or link. What was joined stays; turned on, new posts are compared with all signals.',
    decidedFor: 'installation',
    owner: 'grouping',
    default: 'on',
  },
  'model-chain': {
    description:
      'The analyzers of the configuration are asked, models among them, each in place of one that fails',
    whenOff:
      'The offline analyzer alone says what signals are, and no money is spent. "analyze --reanalyze" asks models later.',
    decidedFor: 'installation',
    owner: 'analysis',
    default: 'on',
  },
  'live-events': {
    description: 'Whoever may read can follow what happens as a stream (GET /v1/events)',
    whenOff: 'A new stream is refused; one that is open stays open.',
    decidedFor: 'caller',
    owner: 'server',
    default: 'on',
  },
} as const satisfies Readonly<Record<string, FlagDeclaration>>;

export type FlagName = keyof typeof declared;

export const flags: Readonly<Record<FlagName, FlagDeclaration>> = declared;
export const flagNames = Object.keys(flags) as readonly FlagName[];

/** Flags that belong to a key, and count for nobody else. */
export type KeyFlags = Readonly<Partial<Record<FlagName, 'on' | 'off'>>>;

/** Who may say what a flag is, strongest first. */
export const flagLayers = ['environment', 'key', 'config', 'store', 'default'] as const;
export type FlagLayer = (typeof flagLayers)[number];

/** How one flag stands for one subject, and why. */
export interface FlagStanding {
  readonly name: FlagName;
  readonly description: string;
  readonly whenOff: string;
  readonly decidedFor: 'installation' | 'caller';
  readonly owner: string;
  readonly on: boolean;
  /** What the strongest layer says. */
  readonly state: FlagState;
  readonly from: FlagLayer;
  /** Where the subject stands in a rollout, 0 to 9999: below the share, it is on. */
  readonly place: number;
  /** What each layer says; null where it says nothing. What a key says counts for what is decided for the caller. */
  readonly layers: Readonly<Record<FlagLayer, FlagState | null>>;
}

/** Places of a rollout: a percentage of two decimals is a whole number of them. */
export const rolloutPlaces = 10_000;

export const flagStatePattern = /^(?:on|off|(?:100(?:\.0{1,2})?|\d{1,2}(?:\.\d{1,2})?)%)$/;

/** Null for what is no state. */
export function readFlagState(text: string): FlagState | null {
  const word = text.trim().toLowerCase();
  return flagStatePattern.test(word) ? (word as FlagState) : null;
}

export function isFlagName(name: string): name is FlagName {
  return Object.hasOwn(flags, name);
}

/** How many of the 10,000 places are on. */
export function shareOf(state: FlagState): number {
  if (state === 'on') return rolloutPlaces;
  return state === 'off' ? 0 : Math.round(Number.parseFloat(state) * 100);
}

/**
 * What a flag is for a subject that stands at `place`. The share is an upper
 * bound of places, so that raising it never turns anybody off.
 */
export function decideFlag(
  name: FlagName,
  said: Partial<Readonly<Record<FlagLayer, FlagState | undefined>>>,
  place: number,
): FlagStanding {
  const { description, whenOff, decidedFor, owner, default: state } = flags[name];
  const layers = Object.fromEntries(
    flagLayers.map((layer) => [layer, layer === 'default' ? state : (said[layer] ?? null)]),
  ) as FlagStanding['layers'];
  const counts = (layer: FlagLayer) => layer !== 'key' || decidedFor === 'caller';
  const from = flagLayers.find((layer) => counts(layer) && layers[layer] !== null) ?? 'default';
  const strongest = layers[from] ?? state;
  return {
    name,
    description,
    whenOff,
    decidedFor,
    owner,
    on: place < shareOf(strongest),
    state: strongest,
    from,
    place,
    layers,
  };
}

const layerWords: Readonly<Record<FlagLayer, string>> = {
  environment: 'the environment',
  key: 'the key',
  config: 'the configuration',
  store: 'the store ("flags set")',
  default: 'its default',
};

export function describeLayer(layer: FlagLayer): string {
  return layerWords[layer];
}

/** "on by the store: 25%, and this subject stands at 12.34%". */
export function describeStanding({ on, state, from, place }: FlagStanding): string {
  const word = on ? 'on' : 'off';
  if (state === 'on' || state === 'off') return `${word} by ${layerWords[from]}`;
  return `${word} by ${layerWords[from]}: ${state} of subjects, and this one stands at ${(place / 100).toFixed(2)}%`;
}

/** Of the flags of a key, those that count for no request: runs work for the whole installation. */
export function sharedFlags(own: KeyFlags): readonly FlagName[] {
  return flagNames.filter((name) => own[name] !== undefined && flags[name].decidedFor === 'installation');
}

/** Why what the store says does not count for this flag; null when it does. */
export function whyIneffective({ layers }: FlagStanding): string | null {
  if (layers.environment !== null) return 'set in the environment: this has no effect';
  return layers.config === null ? null : 'set in config: this has no effect';
}
