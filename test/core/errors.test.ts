/** Every failure says first whether trying again can help, and reads as a sentence. */
import should from 'should';
import { SecurityEventsError, SetupError, toError, TransportError, WireError } from '../../src/errors';

describe('an error of the core', () => {
  it('says whether trying again can help', () => {
    should(new WireError('c', 'm').retryable).be.false();
    should(new TransportError('c', 'm').retryable).be.true();
    should(new SetupError('c', 'm').retryable).be.false();
    should(new SetupError('c', 'm', { retryable: true }).retryable).be.true();
  });

  it('carries its code, place, address and cause', () => {
    const cause = new Error('underneath');
    const error = new TransportError('body-cut-off', 'the post ended early', {
      cause,
      place: 'byte 7',
      address: '192.0.2.41',
    });
    should(error).have.properties({ code: 'body-cut-off', place: 'byte 7', address: '192.0.2.41', cause });
    should(error.message).equal('the post ended early');
  });

  it('has no cause where nothing caused it', () => {
    should('cause' in new WireError('c', 'm')).be.false();
  });

  it('is known by its class and by the parent of all', () => {
    for (const Kind of [WireError, TransportError, SetupError]) {
      const error = new Kind('c', 'm');
      should(error).be.instanceOf(Kind).and.instanceOf(SecurityEventsError).and.instanceOf(Error);
      should(error.name).equal(Kind.name);
    }
  });

  it('keeps the beginning and the end of a message that quotes a text without an end', () => {
    const { message } = new SetupError('c', `port must be a number, not "${'x'.repeat(100_000)}"; write 5050`);
    should(message.length).equal(600);
    should(message).startWith('port must be a number, not "xx').and.endWith('xx"; write 5050').and.containEql(' … ');
    const exact = 'y'.repeat(600);
    should(new SetupError('c', exact).message).equal(exact);
  });

  it('is shown as its message alone', () => {
    should(String(new WireError('c', 'the post is empty'))).equal('the post is empty');
  });
});

describe('whatever was thrown', () => {
  it('becomes an Error, and an Error stays the one it is', () => {
    const error = new WireError('c', 'm');
    should(toError(error)).equal(error);
    should(toError('text').message).equal('text');
    should(toError(undefined).message).equal('undefined');
    should(toError({ toString: () => 'odd' }).message).equal('odd');
  });

  it('becomes an Error even where it has no text', () => {
    should(toError(Object.create(null))).be.instanceOf(Error);
    should(toError(Symbol('s')).message).equal('Symbol(s)');
  });
});
