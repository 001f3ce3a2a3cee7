import type { FastifyRequest } from 'fastify';
import { flagsFrom } from '../harvester/flags.ts';
import type { Harvester } from '../harvester/harvester.ts';

/** What is on for whoever asks: by the key, or by the installation where there is none. */
export async function flagsOfCaller(
  { flags }: Harvester,
  { caller }: FastifyRequest,
): Promise<ReturnType<typeof flagsFrom>> {
  return flagsFrom((await flags.list(caller?.keyId ?? undefined)).flags);
}
