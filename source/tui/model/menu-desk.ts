import { Observed } from './observed.ts';

export interface MenuItem {
  /** The one character that takes it at once. */
  readonly key: string;
  readonly label: string;
  /** What it would do, or what is so now. */
  readonly note?: string;
  run(): void;
}

export interface Menu {
  readonly title: string;
  readonly items: readonly MenuItem[];
}

export interface MenuState {
  readonly menu: Menu | null;
  readonly index: number;
}

/** A few choices, each on a key of its own. */
export class MenuDesk extends Observed<MenuState> {
  constructor() {
    super({ menu: null, index: 0 });
  }

  open(menu: Menu, index = 0): void {
    this.set({ menu, index: Math.max(0, index) });
  }

  move(step: number): void {
    const { menu, index } = this.read();
    const last = (menu?.items.length ?? 1) - 1;
    this.set({ index: Math.min(last, Math.max(0, index + step)) });
  }

  /** Takes the item of a key; `j` and `k` move where no item has them. */
  press(key: string): void {
    const { menu } = this.read();
    const item = menu?.items.find((each) => each.key === key);
    if (item !== undefined) this.#take(item);
    else if (key === 'j') this.move(1);
    else if (key === 'k') this.move(-1);
  }

  submit(): void {
    const { menu, index } = this.read();
    const item = menu?.items[index];
    if (item !== undefined) this.#take(item);
  }

  close(): void {
    this.set({ menu: null, index: 0 });
  }

  #take(item: MenuItem): void {
    // Closed first: what it does may open the next.
    this.close();
    item.run();
  }
}
