import type { AccessStore } from './access.ts';
import type { DeliveryStore } from './deliveries.ts';
import type { DeskStore } from './desk-store.ts';
import type { ErrorStore } from './errors.ts';
import type { PushStore } from './inbox.ts';
import type { LearningStore } from './learning.ts';
import type { ModelLedger } from './ledger.ts';
import type { PipelineStore } from './pipeline-store.ts';
import type { CareStore } from './store-care.ts';

export interface Store
  extends PipelineStore,
    DeskStore,
    CareStore,
    ModelLedger,
    LearningStore,
    DeliveryStore,
    AccessStore,
    PushStore,
    ErrorStore {
  readonly path: string;
  close(): Promise<void>;
}
