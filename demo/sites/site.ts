/** What surrounds Node-RED in the demo: one simulated site for each vendor. */
import type { Exchange } from '../../simulators/connection';
import type { Random } from '../../simulators/random';

export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
  readonly path?: string;
  readonly publicUrl?: string;
  readonly action?: string;
  readonly host?: string;
  readonly template?: string;
}

export type Credentials = Readonly<Record<string, string>>;

/** A site before Node-RED stands: what it asks for is there, and it says what the nodes must know to reach it. */
export interface DemoSite {
  /** Where a node finds what is simulated, in place of what its example says. */
  readonly settingsOf?: (node: FlowNode) => object;
  readonly credentialsOf?: (node: FlowNode) => Credentials | undefined;
  /** Begins to send. */
  open?(): void;
  /** From now on something else goes wrong, by chance; undefined: all goes well again. */
  trouble?(random: Random | undefined): void;
  close(): Promise<void>;
}

export interface Surroundings {
  /** Of all examples. */
  readonly nodes: readonly FlowNode[];
  /** Of the listener, on 127.0.0.1. */
  readonly port: number;
  readonly onTold?: (told: Told) => void;
}

/** What a site has told Node-RED, or has for it to be asked. */
export interface Told {
  readonly vendor: 'viewtron' | 'pdk' | 'camlytics' | 'camio';
  /** `asked`: it waits to be asked for. */
  readonly way: 'posted' | 'called' | 'asked';
  readonly query: string;
  readonly body: Buffer;
  /** Node-RED has it for certain; if not, it may have it. */
  readonly isTaken: boolean;
  /** It was sent twice. */
  readonly isRepeated?: boolean;
}

/** An answer that was read, and a post that was sent whole: Node-RED has it. */
export function fromExchange(vendor: Told['vendor'], { body, fault, status }: Exchange): Told {
  const isTaken = status === 200 && (fault === undefined || fault === 'slow' || fault === 'resend');
  return { vendor, way: 'posted', query: '', body, isTaken, isRepeated: fault === 'resend' };
}

export type PrepareSite = (surroundings: Surroundings) => Promise<DemoSite>;
