import type { RetentionPolicy } from '../../../domain/retention.ts';
import { describeOtherRules, knobs } from '../../model/policy-knobs.ts';
import { type Line, rule, type Span, span, widthOf } from '../../text/spans.ts';

interface Rules {
  readonly policy: RetentionPolicy;
  /** A rule that is not as configured has an asterisk. */
  readonly configured: RetentionPolicy;
  readonly knob: number;
}

/** The title of the pane: what the chosen rule keeps. */
export function rulesTitle({ knob, policy }: Rules, columns: number): Line {
  const chosen = knobs[knob];
  const others = describeOtherRules(policy);
  const also = others === '' ? '' : ` · also, without a key: ${others}`;
  return rule(`rules · ${chosen?.name}: ${chosen?.help ?? ''}${also}`, columns);
}

/** All rules with their values, in as many lines as they need. */
export function ruleLines({ policy, configured, knob }: Rules, columns: number): Line[] {
  const lines: Span[][] = [[]];
  let used = 1;
  for (const [index, each] of knobs.entries()) {
    const value = each.show(policy);
    const changed = value !== each.show(configured);
    const chosen = index === knob;
    const quiet = value === 'off' || value === 'any';
    const text = `${each.name} ${value}${changed ? '*' : ''}`;
    const piece: Line = chosen
      ? [span(`>${text}`, 'selected'), span('  ')]
      : [
          span(` ${each.name} `, 'quiet'),
          span(`${value}${changed ? '*' : ''}`, changed ? 'accent' : quiet ? 'quiet' : 'strong'),
          span('  '),
        ];
    const width = widthOf([span(`>${text}`)]) + 2;
    if (used + width > columns && (lines.at(-1)?.length ?? 0) > 0) {
      lines.push([]);
      used = 1;
    }
    lines.at(-1)?.push(...piece);
    used += width;
  }
  return lines.map((line): Line => [span(' '), ...line]);
}

/** Only the line that the chosen rule is on, where there is room for no more. */
export function chosenRuleLine(rules: Rules, columns: number): Line {
  const lines = ruleLines(rules, columns);
  return lines.find((line) => line.some(({ tone }) => tone === 'selected')) ?? lines[0] ?? [];
}
