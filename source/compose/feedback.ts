import { settingsJsonSchema } from '../config/json-schema.ts';
import type { LoadedConfig } from '../config/load.ts';
import { redactConfig } from '../config/redact.ts';
import { configSchema } from '../config/schema.ts';
import { secretScrubber } from '../config/secrets.ts';
import type { FeedbackSetup } from '../harvester/feedback.ts';
import { sourceSchema } from '../sources/open.ts';

/** What feedback may say of this program, this machine and its configuration. */
export function describeProgram({ config, secrets }: LoadedConfig, version: string): FeedbackSetup {
  return {
    version,
    platform: `${process.platform} ${process.arch}`,
    nodeVersion: process.versions.node,
    settings: () =>
      redactConfig(config, configSchema(sourceSchema).parse({}), settingsJsonSchema(sourceSchema)),
    scrub: secretScrubber(secrets),
  };
}
