import { statSync } from 'node:fs';
import type { Store } from '../ports/store.ts';
import type { StoreWatch } from '../ports/timings.ts';
import {
  addAudit,
  addKey,
  listAudit,
  listKeys,
  markKeysUsed,
  pruneAudit,
  replaceKey,
  revokeKey,
} from './access.ts';
import { analyzedSignals, saveAnalyses, unanalyzedSignals, ungroupedRequests } from './analyses.ts';
import { careOf } from './care.ts';
import { checkStore } from './check.ts';
import { closeStoreFile, openStoreFile, type StoreFile } from './database.ts';
import { decide } from './decisions.ts';
import { decisionsWithin, firstDecisions } from './decisions-within.ts';
import {
  countDeliveries,
  hurryDeliveries,
  listDeliveries,
  planDeliveries,
  retryDeliveries,
  ruleLoad,
  toldAmong,
  toldReasons,
} from './deliveries.ts';
import { claimDelivery, settleDelivery } from './delivery-claims.ts';
import { signalDocuments } from './documents.ts';
import { openEpisodes, postRates, saveEpisode, signalsOf } from './episodes.ts';
import {
  addErrors,
  countErrors,
  findError,
  listErrors,
  markErrorReported,
  setErrorState,
  unreportedErrors,
} from './errors.ts';
import { explainStoreFailure } from './failures.ts';
import { addFeedback, feedbackById, listFeedback, removeFeedback } from './feedback.ts';
import { installId, setFlag, storedFlags, unsetFlag } from './flags.ts';
import { groupPosts } from './groups.ts';
import { importDocuments } from './import-documents.ts';
import { insightOf } from './insight.ts';
import {
  addInvitation,
  findInvitation,
  listInvitations,
  redeemInvitation,
  revokeInvitation,
} from './invitations.ts';
import { redoOldest, undoNewest } from './journal.ts';
import {
  decidedSignals,
  decisionsOf,
  inboxSubjects,
  learningResets,
  makeScoresDue,
  relevanceSubjects,
  relevanceVersion,
  resetLearning,
  saveRelevanceVersion,
} from './kept-and-dismissed.ts';
import { keptAnswers, pruneAnswers } from './kept-answers.ts';
import { countLabels, importLabels, labelsVersion, listLabels, removeLabels, usualPosts } from './labels.ts';
import { migrateUp, migrationStatus } from './migrate.ts';
import { modelSpendOf, modelSpent, recordModelUse } from './model-days.ts';
import { salientPosts, saveEngagement, savePage } from './posts.ts';
import { prunePushed, push, pushed } from './pushed.ts';
import { nameQueries, underName } from './query-names.ts';
import { lockRuns } from './run-lock.ts';
import { beginRun, findRun, listRuns, pendingWork, saveRun } from './runs.ts';
import { scoredSignals } from './scored-signals.ts';
import { applyScoreSettings, saveScores, unscoredSignals } from './scores.ts';
import { newestSignal, placeOfSignal, searchWords, sourceNames } from './search-lookups.ts';
import { countSignals } from './signal-lists.ts';
import { findSignal, signalWindow } from './signals.ts';
import { spentUsd } from './source-days.ts';
import { chargeReads, listSources, recordOutcome, sourceCursor } from './sources.ts';
import { changedSignals, lastDigest, planDigest, rootsOf, wokenSignals } from './told-signals.ts';
import { probeWrite, storeTotals } from './totals.ts';
import { addUsage, claimUsageSend, forgetUsage, listUsage, saveUsageState, usageState } from './usage.ts';
import { versionOf } from './version.ts';
import { listViews, orderViews, removeView, renameView, saveView } from './views.ts';
import { wakeDue } from './waking.ts';
import { weightiest } from './weightiest.ts';

/**
 * Opens the store, creating it if need be, and brings it to the newest schema.
 *
 * @param beforeMigration awaited before an existing store is changed; when it rejects, nothing is
 * @param watch hears how long queries take
 * @throws UserError `store-…` when the file cannot be used
 */
export async function openStore(
  path: string,
  busyTimeoutMs?: number,
  beforeMigration?: () => Promise<void>,
  watch?: StoreWatch,
): Promise<Store> {
  const file = openStoreFile(path, busyTimeoutMs, watch);
  try {
    // A new store has nothing to lose.
    const { applied, pending } = migrationStatus(file);
    if (applied.length > 0 && pending.length > 0) await beforeMigration?.();
    await underName('migrate', () => migrateUp(file));
    return nameQueries(createStore(file));
  } catch (error) {
    await closeStoreFile(file);
    throw explainStoreFailure(error, path);
  }
}

/** The port on an open file that has the newest schema. */
function createStore(file: StoreFile): Store {
  const { db, path } = file;
  const version = versionOf(file);
  return {
    path,
    lockRuns: async (startedAt) => lockRuns(path, startedAt),
    beginRun: (startedAt) => beginRun(db, startedAt),
    saveRun: (progress, savedAt) => saveRun(db, progress, savedAt),
    cursor: (source) => sourceCursor(db, source),
    savePage: (page) => savePage(db, page),
    recordOutcome: (source, kind, at, outcome) => recordOutcome(db, source, kind, at, outcome),
    spent: (at) => spentUsd(db, at),
    saveEngagement: (source, updates, cost, at) => saveEngagement(db, source, updates, cost, at),
    chargeReads: (source, kind, cost, at) => chargeReads(db, source, kind, cost, at),
    salientPosts: (minRank, limit) => salientPosts(db, minRank, limit),
    recordModelUse: (use, answers, at) => recordModelUse(db, use, answers, at),
    modelSpent: (at) => modelSpent(db, at),
    modelSpendOf: (at) => modelSpendOf(db, at),
    keptAnswers: (keys, since) => keptAnswers(db, keys, since),
    pruneAnswers: (since, most) => pruneAnswers(db, since, most),
    pending: () => pendingWork(db),
    group: (limit, planner) => groupPosts(db, limit, planner),
    unanalyzed: (limit, choice) => unanalyzedSignals(db, limit, choice),
    analyzedSignals: (ids) => analyzedSignals(db, ids),
    ungroupedRequests: (limit, afterId) => ungroupedRequests(db, limit, afterId),
    saveAnalyses: (analyses) => saveAnalyses(db, analyses),
    unscored: (limit) => unscoredSignals(db, limit),
    scoredSignals: (most, categories) => scoredSignals(db, most, categories),
    saveScores: (scores, scoredAt) => saveScores(db, scores, scoredAt),
    applyScoreSettings: (settings, always) => applyScoreSettings(db, settings, always),
    ...insightOf(db),
    signalWindow: (window) => signalWindow(db, window),
    countSignals: (filter, cap) => countSignals(db, filter, cap),
    placeOfSignal: (id, sort) => placeOfSignal(db, id, sort),
    version: async () => version(),
    newestSignal: () => newestSignal(db),
    sourceNames: () => sourceNames(db),
    searchWords: () => searchWords(db),
    views: () => listViews(db),
    saveView: (view, at) => saveView(db, view, at),
    renameView: (from, to, at) => renameView(db, from, to, at),
    removeView: (name) => removeView(db, name),
    orderViews: (names) => orderViews(db, names),
    signal: (id) => findSignal(db, id),
    decide: (change, ids, context) => decide(db, change, ids, context),
    undo: (at) => undoNewest(db, at),
    redo: (at) => redoOldest(db, at),
    wake: (at) => wakeDue(db, at),
    decisionsWithin: (span, limit) => decisionsWithin(db, span, limit),
    firstDecisions: (ids) => firstDecisions(db, ids),
    weightiest: (choice, span, by) => weightiest(db, choice, span, by),
    planDeliveries: (deliveries, at) => planDeliveries(db, deliveries, at),
    toldAmong: (notifier, ids, reached) => toldAmong(db, notifier, ids, reached),
    toldReasons: (notifier, reasons) => toldReasons(db, notifier, reasons),
    rootsOf: (notifier, ids) => rootsOf(db, notifier, ids),
    ruleLoad: (rule, since) => ruleLoad(db, rule, since),
    changedSignals: (toldSince) => changedSignals(db, toldSince),
    wokenSignals: (since) => wokenSignals(db, since),
    hurryDeliveries: (rule, ids, at) => hurryDeliveries(db, rule, ids, at),
    lastDigest: (rule) => lastDigest(db, rule),
    planDigest: (rule, dueAt, delivery, at) => planDigest(db, rule, dueAt, delivery, at),
    postRates: (by, fromHour, now) => postRates(db, by, fromHour, now),
    openEpisodes: (rule) => openEpisodes(db, rule),
    saveEpisode: (episode, delivery, at) => saveEpisode(db, episode, delivery, at),
    signalsOf: (by, value, since, limit) => signalsOf(db, by, value, since, limit),
    claimDelivery: (notifier, at, leaseMs) => claimDelivery(db, notifier, at, leaseMs),
    settleDelivery: (claimed, settlement, answer, at) => settleDelivery(db, claimed, settlement, answer, at),
    deliveries: (query) => listDeliveries(db, query),
    countDeliveries: () => countDeliveries(db),
    retryDeliveries: (ids, at) => retryDeliveries(db, ids, at),
    runs: (limit, before) => listRuns(db, limit, before),
    run: (id) => findRun(db, id),
    totals: () => storeTotals(db),
    probeWrite: () => probeWrite(db),
    addKey: (key, by) => addKey(db, key, by),
    replaceKey: (oldId, key, endsAt, by) => replaceKey(db, oldId, key, endsAt, by),
    revokeKey: (id, at, by) => revokeKey(db, id, at, by),
    apiKeys: () => listKeys(db),
    markKeysUsed: (uses) => markKeysUsed(db, uses),
    installId: (make) => installId(db, make),
    storedFlags: () => storedFlags(db),
    setFlag: (name, state, by, at) => setFlag(db, name, state, by, at),
    unsetFlag: (name, by, at) => unsetFlag(db, name, by, at),
    addInvitation: (invitation, by) => addInvitation(db, invitation, by),
    invitations: () => listInvitations(db),
    invitation: (id) => findInvitation(db, id),
    redeemInvitation: (id, key, at, by) => redeemInvitation(db, id, key, at, by),
    revokeInvitation: (id, at, by) => revokeInvitation(db, id, at, by),
    addAudit: (entry, by, at) => addAudit(db, entry, by, at),
    audit: (query) => listAudit(db, query),
    pruneAudit: (olderThan) => pruneAudit(db, olderThan),
    addFeedback: (feedback, most) => addFeedback(db, feedback, most),
    feedback: (query) => listFeedback(db, query),
    feedbackById: (id) => feedbackById(db, id),
    removeFeedback: (ids, reasons) => removeFeedback(db, ids, reasons),
    addUsage: (counts, keepFrom, mostNames) => addUsage(db, counts, keepFrom, mostNames),
    usage: (since) => listUsage(db, since),
    usageState: (freshId) => usageState(db, freshId),
    saveUsageState: (change) => saveUsageState(db, change),
    claimUsageSend: (at, notAfter) => claimUsageSend(db, at, notAfter),
    forgetUsage: (freshId) => forgetUsage(db, freshId),
    push: (pushedIn, at) => push(db, pushedIn, at),
    pushed: (source, afterId, limit) => pushed(db, source, afterId, limit),
    prunePushed: (olderThan) => prunePushed(db, olderThan),
    addErrors: (batch, occurrences, at) => addErrors(db, batch, occurrences, at),
    errorGroups: (query) => listErrors(db, query),
    errorGroup: (id) => findError(db, id),
    setErrorState: (id, state, by, at) => setErrorState(db, id, state, by, at),
    countErrors: () => countErrors(db),
    unreportedErrors: (limit) => unreportedErrors(db, limit),
    markErrorReported: (id, at) => markErrorReported(db, id, at),
    sources: (now) => listSources(db, now),
    labels: (query) => listLabels(db, query),
    labelsVersion: () => labelsVersion(db),
    countLabels: () => countLabels(db),
    usualPosts: (limit) => usualPosts(db, limit),
    importLabels: (labels) => importLabels(db, labels),
    removeLabels: (ids) => removeLabels(db, ids),
    decidedSignals: (query) => decidedSignals(db, query),
    relevanceSubjects: (ids) => relevanceSubjects(db, ids),
    decisionsOf: (signals) => decisionsOf(db, signals),
    inboxSubjects: (limit, below) => inboxSubjects(db, limit, below),
    makeScoresDue: (ids) => makeScoresDue(db, ids),
    learningResets: () => learningResets(db),
    resetLearning: (what, at) => resetLearning(db, what, at),
    relevanceVersion: () => relevanceVersion(db),
    saveRelevanceVersion: (version) => saveRelevanceVersion(db, version),
    documents: (ids) => signalDocuments(db, ids),
    importDocuments: (documents, context) => importDocuments(db, documents, context),
    size: async () => storeSize(file),
    check: async () => checkStore(file),
    ...careOf(file),
    migrations: async () => migrationStatus(file),
    close: () => closeStoreFile(file),
  };
}

/** Bytes on disk with the write-ahead log; rows as they are counted now. */
export function storeSize({ connection, path }: StoreFile): {
  bytes: number;
  posts: number;
  signals: number;
} {
  const bytes = [path, `${path}-wal`]
    .map((each) => statSync(each, { throwIfNoEntry: false })?.size ?? 0)
    .reduce((total, size) => total + size, 0);
  const count = (table: 'posts' | 'signals') => {
    const exists = connection
      .prepare('SELECT 1 FROM sqlite_master WHERE type = ? AND name = ?')
      .get('table', table);
    if (exists === undefined) return 0;
    return (
      connection.prepare<[], { count: number }>(`SELECT count(*) AS count FROM ${table}`).get()?.count ?? 0
    );
  };
  return { bytes, posts: count('posts'), signals: count('signals') };
}
