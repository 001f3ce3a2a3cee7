import type { AccessStore } from './access.ts';
import type { DeliveryStore } from './deliveries.ts';
import type { DeskStore } from './desk-store.ts';
import type { ErrorStore } from './errors.ts';
import type { FeedbackStore } from './feedback.ts';
import type { FlagStore } from './flags.ts';
import type { PushStore } from './inbox.ts';
import type { InsightStore } from './insight.ts';
import type { InvitationStore } from './invitations.ts';
import type { LearningStore } from './learning.ts';
import type { ModelLedger } from './ledger.ts';
import type { PipelineStore } from './pipeline-store.ts';
import type { ReportStore } from './report.ts';
import type { CareStore } from './store-care.ts';
import type { TransferStore } from './transfer.ts';
import type { UsageStore } from './usage.ts';

export interface Store
  extends PipelineStore,
    DeskStore,
    InsightStore,
    CareStore,
    ModelLedger,
    LearningStore,
    DeliveryStore,
    AccessStore,
    ErrorStore,
    FeedbackStore,
    FlagStore,
    InvitationStore,
    PushStore,
    ReportStore,
    TransferStore,
    UsageStore {
  readonly path: string;
  close(): Promise<void>;
}
