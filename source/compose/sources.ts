import type { LoadedConfig } from '../config/load.ts';
import type { Config, SourceConfig } from '../config/schema.ts';
import { compileExcludes, type Exclude } from '../domain/exclude.ts';
import type { ConfiguredSource } from '../harvester/sources.ts';
import { systemClock } from '../ports/clock.ts';
import { watchClockSkew } from '../sources/clock-skew.ts';
import { createHttpClient } from '../sources/http.ts';
import type { SourceTools } from '../sources/kind.ts';
import { openSource, sourceKinds } from '../sources/open.ts';

export function openTools({ config, folder, secrets }: LoadedConfig): {
  tools: SourceTools;
  clockSkewMs: () => number | null;
} {
  const { http, clockSkewMs } = watchClockSkew(createHttpClient(config.http, systemClock), systemClock);
  return { tools: { http, clock: systemClock, folder, secrets }, clockSkewMs };
}

export function configuredSource(source: SourceConfig, tools: SourceTools): ConfiguredSource {
  return {
    name: source.name,
    kind: source.kind,
    enabled: source.enabled,
    target: targetOf(source),
    open: () => openSource(source, tools),
  };
}

/** The general excludes and those of the source; compiled once a source. */
export function excludesOf(config: Config): (source: string) => Exclude {
  const general = compileExcludes([config.exclude]);
  const own = new Map(
    config.sources.map(({ name, exclude }) => [name, compileExcludes([config.exclude, exclude])] as const),
  );
  return (source) => own.get(source) ?? general;
}

function targetOf(source: SourceConfig): string {
  const kind = sourceKinds.find((each) => each.kind === source.kind);
  return kind === undefined ? source.kind : kind.target(kind.options.parse(source));
}

export function neededKeys(sources: readonly SourceConfig[], { secrets }: LoadedConfig) {
  return sources
    .filter(({ enabled }) => enabled)
    .flatMap(({ name, kind }) => {
      const variables = sourceKinds.find((each) => each.kind === kind)?.secrets ?? [];
      return variables.map((variable) => ({
        variable,
        neededBy: name,
        set: (secrets[variable] ?? '') !== '',
      }));
    });
}
