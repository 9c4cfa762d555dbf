/** Config node `pdk-account`: a login at PDK's cloud, and which organization it is for. */
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { systemClock } from '../../src/clock';
import { SecurityEventsError, SetupError, toError } from '../../src/errors';
import {
  claimAccount,
  mine,
  standardBaseUrl,
  type Account,
  type AccountClaim,
} from '../../src/vendors/pdk/cloud/account';
import { isTree, type Tree } from '../../src/wire/read';
import { onClose, toSetupError } from '../adapter';
import { isUnsetVariable } from '../fields';
import { isTypedSecret } from '../form';
import type { PdkAccountNode } from './account-node';
import { readLogin, readOrganization } from './account-settings';

type PdkAccountDef = NodeDef & Readonly<Record<string, unknown>>;
type Credentials = Record<'clientId' | 'clientSecret', unknown>;

/** A person waits for it at a dialog. */
const lookTimeoutMs = 20_000;

interface Running {
  readonly account: Account;
  /** As the dialog has it. */
  readonly baseUrl: unknown;
}

export = (RED: NodeAPI): void => {
  const running = new Map<string, Running>();

  function PdkAccount(
    this: Node<Credentials> & { -readonly [Key in keyof PdkAccountNode]: PdkAccountNode[Key] },
    def: PdkAccountDef,
  ): void {
    RED.nodes.createNode(this, def);
    let claim: AccountClaim | undefined;
    onClose(this, async () => {
      running.delete(this.id);
      await claim?.release();
    });
    try {
      const { origin, login } = readLogin(def.baseUrl, this.credentials);
      const organization = readOrganization(def.organization);
      claim = claimAccount(origin, login, systemClock);
      this.pdk = { account: claim.account, organization };
      running.set(this.id, { account: claim.account, baseUrl: def.baseUrl });
    } catch (thrown) {
      // told by the nodes that use it: they have a status, and flows with Catch nodes
      this.problem = toSetupError(thrown);
    }
  }

  RED.nodes.registerType('pdk-account', PdkAccount, {
    credentials: { clientId: { type: 'text' }, clientSecret: { type: 'password' } },
  });

  /** The account that a dialog has in its fields: a running one where the secret is not in them. */
  function claimOf(fields: Tree): AccountClaim {
    const { id, baseUrl, clientId, clientSecret } = fields;
    const isTyped = isTypedSecret(clientSecret);
    if (isTyped && ![baseUrl, clientId, clientSecret].some((each) => isVariable(each))) {
      const { origin, login } = readLogin(baseUrl, { clientId, clientSecret });
      return claimAccount(origin, login, systemClock);
    }
    const found = typeof id === 'string' ? running.get(id) : undefined;
    const stored: unknown = found && RED.nodes.getCredentials(String(id));
    const isSameClient = clientId === undefined || (isTree(stored) && stored.clientId === clientId);
    // a secret that was given for one server is not told to another
    if (found !== undefined && isSameClient && sameUrl(found.baseUrl, baseUrl)) {
      return { account: found.account, release: () => Promise.resolve() };
    }
    const message = isTyped
      ? 'environment variables are known to the server only: Deploy, then try again'
      : 'give the client secret again: it is not told to the editor, and not to another server or client id';
    throw new SetupError('setting-invalid', message, { place: 'client secret' });
  }

  // At load, and with what the dialog holds: it works before the first Deploy. The secret comes in the body of a post of
  // the editor's own session, and no answer holds it.
  RED.httpAdmin.post(
    '/security-events/pdk-account/look',
    RED.auth.needsPermission('pdk-account.write'),
    (request, response) => {
      const body: unknown = request.body;
      const fields = isTree(body) ? body : {};
      const ended = new AbortController();
      const message = `no answer within ${lookTimeoutMs / 1000} seconds: check the base URL, and whether this machine may call it`;
      const timer = systemClock.after(lookTimeoutMs, () =>
        ended.abort(new SetupError('look-timeout', message, { retryable: true })),
      );
      response.on('close', () => ended.abort(new Error('the dialog was closed')));
      const answer = async (): Promise<void> => {
        let claim: AccountClaim | undefined;
        try {
          claim = claimOf(fields);
          const organization = isVariable(fields.organization) ? mine : readOrganization(fields.organization);
          const found = await claim.account.organization(organization, { signal: ended.signal });
          if (!response.writableEnded) response.json({ organization: found });
        } catch (thrown) {
          const error = thrown instanceof SecurityEventsError ? thrown : toError(thrown);
          const code = error instanceof SecurityEventsError ? error.code : 'failed';
          if (!response.writableEnded) response.status(422).json({ code, error: error.message });
        } finally {
          timer.cancel();
          await claim?.release();
        }
      };
      void answer();
    },
  );
};

function isVariable(value: unknown): boolean {
  return typeof value === 'string' && isUnsetVariable(value);
}

function sameUrl(some: unknown, other: unknown): boolean {
  const write = (value: unknown): string => (typeof value === 'string' && value.trim()) || standardBaseUrl;
  return write(some).replace(/\/$/, '') === write(other).replace(/\/$/, '');
}
