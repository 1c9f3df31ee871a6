//! A text as somebody would read it who undoes escapes, with every byte's place in the original.

use std::ops::Range;

/// How many bytes one byte of a secret may take in the original at most: `\u0026amp;`-like
/// combinations of two escapes, each of at most 12 bytes for at least one.
pub(super) const LONGEST_ESCAPE: usize = 48;

/// A text with some escapes undone.
pub(super) struct View {
    bytes: Vec<u8>,
    /// Where each byte comes from in the original.
    places: Vec<Range<usize>>,
}

/// Reads one escape at the beginning of the bytes: how long it is, and what it stands for.
type Decode = fn(&[u8]) -> Option<(usize, Unescaped)>;

enum Unescaped {
    Byte(u8),
    Char(char),
}

const DECODERS: &[Decode] = &[percent, form, json, html];

impl View {
    /// Shows the text as it is, with one kind of escape undone, and with two, one after the other.
    pub(super) fn each(text: &str, look: &mut impl FnMut(&Self)) {
        let plain = Self {
            bytes: text.as_bytes().to_vec(),
            places: (0..text.len()).map(|at| at..at + 1).collect(),
        };
        look(&plain);
        for decode in DECODERS {
            let Some(once) = plain.unescaped(*decode) else {
                continue;
            };
            look(&once);
            DECODERS
                .iter()
                .filter_map(|decode| once.unescaped(*decode))
                .for_each(|twice| look(&twice));
        }
    }

    /// Adds the places of `needle` in the original to `found`.
    pub(super) fn find(&self, needle: &[u8], found: &mut Vec<Range<usize>>) {
        let Some((first, last)) = needle.first().zip(needle.len().checked_sub(1)) else {
            return;
        };
        let mut from = 0;
        while let Some(at) = self.bytes[from..].iter().position(|byte| byte == first) {
            let start = from + at;
            if self.bytes[start..].starts_with(needle) {
                found.push(self.places[start].start..self.places[start + last].end);
            }
            from = start + 1;
        }
    }

    /// The view with one more kind of escape undone; `None` if there is none of that kind.
    fn unescaped(&self, decode: Decode) -> Option<Self> {
        let mut bytes = Vec::with_capacity(self.bytes.len());
        let mut places = Vec::with_capacity(self.bytes.len());
        let mut changed = false;
        let mut at = 0;
        while let Some(byte) = self.bytes.get(at) {
            let Some((length, unescaped)) = decode(&self.bytes[at..]) else {
                bytes.push(*byte);
                places.push(self.places[at].clone());
                at += 1;
                continue;
            };
            changed = true;
            match unescaped {
                Unescaped::Byte(byte) => bytes.push(byte),
                Unescaped::Char(c) => {
                    bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                }
            }
            let place = self.places[at].start..self.places[at + length - 1].end;
            places.resize(bytes.len(), place);
            at += length;
        }
        changed.then_some(Self { bytes, places })
    }
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0_u32, |number, digit| {
        let digit = char::from(*digit).to_digit(16)?;
        number.checked_mul(16)?.checked_add(digit)
    })
}

/// `%2F`, as in paths.
fn percent(bytes: &[u8]) -> Option<(usize, Unescaped)> {
    let [b'%', digits @ ..] = bytes else {
        return None;
    };
    let byte = u8::try_from(hex(digits.get(..2)?)?).ok()?;
    Some((3, Unescaped::Byte(byte)))
}

/// `%2F`, and `+` for a space, as in forms and queries.
fn form(bytes: &[u8]) -> Option<(usize, Unescaped)> {
    if bytes.first() == Some(&b'+') {
        return Some((1, Unescaped::Byte(b' ')));
    }
    percent(bytes)
}

/// `\"`, `\/`, `\u00e4` and the like (RFC 8259, section 7).
fn json(bytes: &[u8]) -> Option<(usize, Unescaped)> {
    let [b'\\', kind, rest @ ..] = bytes else {
        return None;
    };
    let byte = match kind {
        b'"' | b'\\' | b'/' => *kind,
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'u' => return json_unicode(rest),
        _ => return None,
    };
    Some((2, Unescaped::Byte(byte)))
}

/// What follows `\u`: one UTF-16 unit, or two of them with another `\u` between.
fn json_unicode(rest: &[u8]) -> Option<(usize, Unescaped)> {
    let unit = hex(rest.get(..4)?)?;
    if let Some(c) = char::from_u32(unit) {
        return Some((6, Unescaped::Char(c)));
    }
    let [b'\\', b'u', digits @ ..] = rest.get(4..)? else {
        return None;
    };
    let units = [unit, hex(digits.get(..4)?)?].map(u16::try_from);
    let [Ok(high), Ok(low)] = units else {
        return None;
    };
    let c = char::decode_utf16([high, low]).next()?.ok()?;
    Some((12, Unescaped::Char(c)))
}

/// `&amp;`, `&#39;`, `&#x27;` and the like, of at most eight digits.
fn html(bytes: &[u8]) -> Option<(usize, Unescaped)> {
    const NAMED: &[(&[u8], char)] = &[
        (b"&amp;", '&'),
        (b"&lt;", '<'),
        (b"&gt;", '>'),
        (b"&quot;", '"'),
        (b"&apos;", '\''),
    ];
    if bytes.first() != Some(&b'&') {
        return None;
    }
    if let Some((name, c)) = NAMED.iter().find(|(name, _)| bytes.starts_with(name)) {
        return Some((name.len(), Unescaped::Char(*c)));
    }
    let end = bytes.iter().take(12).position(|byte| *byte == b';')?;
    let number = str::from_utf8(bytes.get(2..end)?).ok()?;
    let number = match (bytes.get(1)?, number.strip_prefix(['x', 'X'])) {
        (b'#', Some(digits)) => hex(digits.as_bytes())?,
        (b'#', None) => number.parse().ok()?,
        _ => return None,
    };
    Some((end + 1, Unescaped::Char(char::from_u32(number)?)))
}
