import type { Command } from './command.ts';

/**
 * Every command, in the order of the help. Each is loaded when it is called
 * for, so that a small one starts without the weight of the others.
 */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./run.ts')).runCommand,
  fetch: async () => (await import('./fetch.ts')).fetchCommand,
  analyze: async () => (await import('./analyze.ts')).analyzeCommand,
  score: async () => (await import('./score.ts')).scoreCommand,
  refresh: async () => (await import('./refresh.ts')).refreshCommand,
  notify: async () => (await import('./notify.ts')).notifyCommand,
  rules: async () => (await import('./rules.ts')).rulesCommand,
  top: async () => (await import('./top.ts')).topCommand,
  list: async () => (await import('./list.ts')).listCommand,
  show: async () => (await import('./show.ts')).showCommand,
  views: async () => (await import('./views.ts')).viewsCommand,
  triage: async () => (await import('./triage.ts')).triageCommand,
  stats: async () => (await import('./stats.ts')).statsCommand,
  sources: async () => (await import('./sources.ts')).sourcesCommand,
  import: async () => (await import('./import.ts')).importCommand,
  export: async () => (await import('./export.ts')).exportCommand,
  labels: async () => (await import('./labels.ts')).labelsCommand,
  learning: async () => (await import('./learning.ts')).learningCommand,
  eval: async () => (await import('./eval.ts')).evalCommand,
  init: async () => (await import('./init.ts')).initCommand,
  config: async () => (await import('./config.ts')).configCommand,
  keys: async () => (await import('./keys.ts')).keysCommand,
  db: async () => (await import('./db.ts')).dbCommand,
  snapshot: async () => (await import('./snapshot.ts')).snapshotCommand,
  retain: async () => (await import('./retain.ts')).retainCommand,
  quota: async () => (await import('./quota.ts')).quotaCommand,
  prune: async () => (await import('./prune.ts')).pruneCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
  completion: async () => (await import('./completion.ts')).completionCommand,
  complete: async () => (await import('./complete.ts')).completeCommand,
  help: async () => (await import('./help.ts')).helpCommand,
};
