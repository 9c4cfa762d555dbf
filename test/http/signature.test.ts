/** HMAC over raw bytes: known answers, and everything that must not pass for one. */
import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import should from 'should';
import { findSigner, isSignature, sign } from '../../src/http/signature';
import { cases } from '../support/cases';

const bytes = Buffer.from('{"a":1}');

describe('a signature', () => {
  it('is the one of RFC 2202 for its keys and data', () => {
    should(sign(Buffer.from('Hi There'), '\v'.repeat(20), 'sha1')).equal('b617318655057264e28bc0b6fb378c8ef146be00');
    should(sign(Buffer.from('what do ya want for nothing?'), 'Jefe', 'sha1')).equal(
      'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79',
    );
  });

  it('is made of the bytes, whatever they are, and of the UTF-8 of the secret', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string({ unit: 'grapheme', minLength: 1 }), (body, secret) => {
        const made = sign(Buffer.from(body), secret, 'sha256');
        should(made).equal(createHmac('sha256', Buffer.from(secret, 'utf8')).update(body).digest('hex'));
        should(findSigner(Buffer.from(body), made, [secret], 'sha256')).equal(0);
      }),
      cases(100),
    );
  });

  it('tells which of several secrets made it, and the first where two are alike', () => {
    const secrets = ['one', 'two', 'three', 'two'];
    secrets.slice(0, 3).forEach((secret, index) => {
      should(findSigner(bytes, sign(bytes, secret, 'sha1'), secrets, 'sha1')).equal(index);
    });
    should(findSigner(bytes, sign(bytes, 'four', 'sha1'), secrets, 'sha1')).be.undefined();
  });

  it('may be written in capitals', () => {
    should(findSigner(bytes, sign(bytes, 'one', 'sha1').toUpperCase(), ['one'], 'sha1')).equal(0);
  });

  it('is never that of an empty secret', () => {
    const made = createHmac('sha1', '').update(bytes).digest('hex');
    should(findSigner(bytes, made, [''], 'sha1')).be.undefined();
    should(findSigner(bytes, made, ['', 'one'], 'sha1')).be.undefined();
    should(findSigner(bytes, made, [], 'sha1')).be.undefined();
  });

  const right = sign(bytes, 'one', 'sha1');
  for (const [what, text] of [
    ['nothing', ''],
    ['one digit short', right.slice(1)],
    ['a digit more', `${right}0`],
    ['something behind it', `${right}zz`],
    ['a line break behind it', `${right}\n`],
    ['a prefix', `sha1=${right}`],
    ['blanks around it', ` ${right} `],
    ['twice', `${right}, ${right}`],
    ['another hash', sign(bytes, 'one', 'sha256')],
    ['base64', Buffer.from(right, 'hex').toString('base64')],
    ['letters that are no hex', 'z'.repeat(40)],
    ['digits of another script', '\u0663'.repeat(40)],
  ] as const) {
    it(`is not taken where it is written with ${what}`, () => {
      should(isSignature(text, 'sha1')).be.false();
      should(findSigner(bytes, text, ['one'], 'sha1')).be.undefined();
    });
  }

  it('is compared with every secret, whether or not one before has matched', () => {
    const asked: string[] = [];
    const secrets = ['one', 'two', 'three'];
    const watched = new Proxy(secrets, {
      get: (target, key, self): unknown => {
        if (typeof key === 'string' && /^\d+$/.test(key)) asked.push(key);
        return Reflect.get(target, key, self);
      },
    });
    should(findSigner(bytes, right, watched, 'sha1')).equal(0);
    should(asked).deepEqual(['0', '1', '2']);
  });
});
