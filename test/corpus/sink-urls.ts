/**
 * Addresses that somebody may set as the place to send alerts to: inputs 191 to 214 of the corpus. Expected: refused when they are
 * configured, and again when the connection is made; what only the connection can know (`CONNECTED_SINKS`) is refused then.
 */
export interface SinkUrl {
  readonly id: number;
  readonly what: string;
  readonly url: string;
}

const sink = (id: number, what: string, ...urls: string[]): SinkUrl[] =>
  urls.map((url) => ({ id, what: `${what}: ${url}`, url }));

export const SINK_URLS: readonly SinkUrl[] = [
  ...sink(191, 'loopback in base 16', 'http://0x7f000001'),
  ...sink(192, 'loopback as one number', 'http://2130706433'),
  ...sink(193, 'loopback in two parts', 'http://127.1'),
  ...sink(194, 'loopback in base 8', 'http://0177.0.0.1'),
  ...sink(195, 'loopback in circled digits', 'http://①②⑦.⓪.⓪.①'),
  ...sink(196, 'loopback with other full stops', 'http://127。0。0。1'),
  ...sink(197, 'loopback encoded', 'http://%31%32%37.0.0.1'),
  ...sink(198, 'loopback inside of IPv6', 'http://[::ffff:127.0.0.1]'),
  ...sink(199, 'every address', 'http://[::]', 'http://0'),
  ...sink(200, 'loopback by name, with a full stop', 'http://localhost.'),
  ...sink(201, 'loopback behind NAT64', 'http://[64:ff9b::7f00:1]'),
  ...sink(
    202,
    'the metadata of a cloud',
    'http://169.254.169.254',
    'http://[fd00:ec2::254]',
    'http://[::ffff:a9fe:a9fe]',
    'http://metadata.google.internal',
  ),
  ...sink(203, 'an account', 'https://user:pass@good.example'),
  ...sink(204, 'another host behind the first', 'http://good.com\\@127.0.0.1', 'http://good.com#@127.0.0.1'),
  ...sink(205, 'slashes too few and too many', 'http:127.0.0.1', 'http:///127.0.0.1'),
  ...sink(206, 'a slash in the account', 'http://127.0.0.1%2f@good.com'),
  ...sink(
    207,
    'another scheme',
    'file:///etc/passwd',
    'gopher://good.example',
    'ftp://good.example',
    'data:text/plain,x',
    'javascript:1',
    'unix:/var/run/docker.sock',
  ),
  ...sink(208, 'a port that is none', 'https://good.example:99999'),
  ...sink(209, 'white space that a parser removes', 'http://127.\n0.0.1/', ' http://127.0.0.1'),
  ...sink(213, 'a name of the inside', 'http://a.internal', 'http://a.local', 'http://a'),
  ...sink(214, 'letters of another script', 'https://gооd.example'),
];

/** Nothing is wrong with these until somebody connects. */
export const CONNECTED_SINKS: readonly SinkUrl[] = [
  ...sink(210, 'a redirect to loopback, by 302 and by 307', 'https://redirects.example'),
  ...sink(211, 'a name with a public and a private address', 'https://both.example'),
  ...sink(212, 'a name that is another address the second time', 'https://rebinds.example'),
];
