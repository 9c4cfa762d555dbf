/** What surrounds Node-RED in the demo: one simulated site for each vendor. */

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
  close(): Promise<void>;
}

export interface Surroundings {
  /** Of all examples. */
  readonly nodes: readonly FlowNode[];
  /** Of the listener, on 127.0.0.1. */
  readonly port: number;
}

export type PrepareSite = (surroundings: Surroundings) => Promise<DemoSite>;
