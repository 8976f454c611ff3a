import { describe, expect, it } from 'vitest';
import { codeOf } from '../../work/steps.ts';
import { codeText, digits, readSecret } from './rotating.ts';

describe('the code of a screen', () => {
  const secret = new TextEncoder().encode('12345678901234567890123456789012') as Uint8Array<ArrayBuffer>;
  it.each([[59, '46119246'], [1_111_111_109, '68084774'], [1_234_567_890, '91819424'], [20_000_000_000, '77737706']])('at %i s is that of RFC 6238, appendix B', async (seconds, expected) => {
    expect(await digits(secret, Math.floor(seconds / 30))).toBe(expected);
  });
  it('is set up by what stands behind the #', () => {
    const id = '01970000-0000-7000-8000-000000000001';
    const read = readSecret(`#${id}.MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI.%E8%8B%8F%E7%A6%8F`);
    expect(read?.id).toBe(id);
    expect(read?.customer).toBe('苏福');
    expect(new TextDecoder().decode(read?.secret)).toBe('12345678901234567890123456789012');
    for (const wrong of ['', '#', '#x.y.z', `#${id}`, `#${id}.short.x`]) expect(readSecret(wrong)).toBeNull();
  });
  it('is read by the phone scanned or typed, and nothing else is', () => {
    const id = '01970000-0000-7000-8000-000000000001';
    expect(codeOf(codeText(id, '91819424'))).toBe(`tashi-code:${id}:91819424`);
    expect(codeOf(' 9181 9424 ')).toBe('91819424');
    expect(codeOf('a1b2 c3d4 e5f6 0718')).toBe('a1b2c3d4e5f60718');
    for (const wrong of ['', '9181942', 'https://example.com', 'tashi-code:x:91819424', '69012345678901']) expect(codeOf(wrong)).toBeNull();
  });
});
