//! Taking secrets out of what others say.

mod view;

use std::fmt;
use std::ops::Range;

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD, PAD};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use view::View;

/// What stands in a secret's place.
const MARK: &str = "[redacted]";

/// How much of a body an excerpt is made from, in bytes.
const WINDOW: usize = 64 * 1024;

/// A line of a secret of several lines (a private key) is looked for on its own from this many
/// bytes on; below, it would be found by chance.
const SHORTEST_LINE: usize = 16;

/// Takes secrets out of texts: as they are, percent-encoded, JSON- or HTML-escaped, once or
/// twice, and inside Base64 of either alphabet at any offset.
pub struct Redactor {
    needles: Vec<Zeroizing<Vec<u8>>>,
}

impl Redactor {
    /// A redactor of these secrets. Empty ones are ignored.
    pub fn new(secrets: &[SecretString]) -> Self {
        let mut needles: Vec<Zeroizing<Vec<u8>>> = Vec::new();
        for secret in secrets {
            let secret = secret.expose_secret().trim();
            let lines = secret
                .lines()
                .map(str::trim)
                .filter(|line| line.len() >= SHORTEST_LINE && !line.starts_with("-----"));
            for plain in std::iter::once(secret).chain(lines) {
                if !plain.is_empty() {
                    needles.push(Zeroizing::new(plain.as_bytes().to_vec()));
                    needles.extend(escaped_forms(plain));
                    needles.extend(base64_forms(plain.as_bytes()));
                }
            }
        }
        needles.sort_unstable_by(|a, b| a.as_slice().cmp(b));
        needles.dedup();
        Self { needles }
    }

    /// The text with `[redacted]` in place of every secret. For messages and paths: it takes some
    /// 50 bytes of memory for each of the text's, so bodies go through [`Redactor::excerpt`].
    pub fn redact(&self, text: &str) -> String {
        self.redact_within(text, text.len())
    }

    /// The beginning of a text for a message: secrets taken out, on one line, without control
    /// characters, at most `limit` characters and an ellipsis if there was more.
    pub fn excerpt(&self, body: &str, limit: usize) -> String {
        let seen = &body[..body.floor_char_boundary(WINDOW)];
        // A secret that the window's end cuts in two would not be recognised: what lies so close
        // to the end that it may be part of one is not shown.
        let shown = if seen.len() < body.len() {
            seen.len().saturating_sub(self.reach())
        } else {
            seen.len()
        };
        let line = one_line(&self.redact_within(seen, shown));
        // Taking characters out may have joined the halves of a secret.
        let line = self.redact(&line);
        match line.char_indices().nth(limit) {
            Some((cut, _)) => format!("{}…", line[..cut].trim_end()),
            None if shown < body.len() => format!("{line}…"),
            None => line,
        }
    }

    /// The first `shown` bytes of `text` (up to a character's border), with the secrets that the
    /// whole of it holds taken out.
    fn redact_within(&self, text: &str, shown: usize) -> String {
        let shown = text.floor_char_boundary(shown);
        let mut redacted = String::with_capacity(shown);
        let mut at = 0;
        for found in self.find(text) {
            if found.start >= shown {
                break;
            }
            redacted.push_str(&text[at..found.start]);
            redacted.push_str(MARK);
            at = found.end;
        }
        if at < shown {
            redacted.push_str(&text[at..shown]);
        }
        redacted
    }

    /// Where secrets stand: in order, apart from each other, on characters' borders.
    fn find(&self, text: &str) -> Vec<Range<usize>> {
        if self.needles.is_empty() {
            return Vec::new();
        }
        let mut found = Vec::new();
        View::each(text, &mut |view| {
            for needle in &self.needles {
                view.find(needle, &mut found);
            }
        });
        found.sort_unstable_by_key(|range: &Range<usize>| range.start);
        let mut merged: Vec<Range<usize>> = Vec::new();
        for range in found {
            let start = text.floor_char_boundary(range.start);
            let end = text.ceil_char_boundary(range.end);
            match merged.last_mut() {
                Some(last) if start <= last.end => last.end = last.end.max(end),
                _ => merged.push(start..end),
            }
        }
        merged
    }

    /// How many bytes a secret may take in a text at most, escaped: `%25XX`-like double escapes
    /// are the longest that are looked for.
    fn reach(&self) -> usize {
        let longest = self.needles.iter().map(|needle| needle.len()).max();
        longest.unwrap_or(0) * view::LONGEST_ESCAPE
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redactor").finish_non_exhaustive()
    }
}

/// How the secret looks JSON-escaped and percent-encoded. Views that take escapes away find these
/// too, unless what stands before them joins in: the `f` of `\f` is a letter or a form feed.
fn escaped_forms(secret: &str) -> Vec<Zeroizing<Vec<u8>>> {
    let json = Zeroizing::new(serde_json::Value::from(secret).to_string());
    let percent: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    vec![
        Zeroizing::new(json.as_bytes()[1..json.len() - 1].to_vec()),
        Zeroizing::new(percent.into_bytes()),
    ]
}

/// How the secret looks inside Base64: whole, and what of it does not depend on its neighbours
/// when it stands at an offset of 0, 1 or 2 bytes.
fn base64_forms(secret: &[u8]) -> Vec<Zeroizing<Vec<u8>>> {
    /// Shorter runs of Base64 occur by chance.
    const SHORTEST: usize = 4;
    let mut forms = Vec::new();
    for alphabet in [STANDARD, URL_SAFE] {
        let padded = GeneralPurpose::new(&alphabet, PAD).encode(secret);
        forms.push(Zeroizing::new(padded.into_bytes()));
        let bare = GeneralPurpose::new(&alphabet, NO_PAD);
        for offset in 0..3_usize {
            let mut shifted = Zeroizing::new(vec![0; offset]);
            shifted.extend_from_slice(secret);
            let encoded = bare.encode(&*shifted).into_bytes();
            // The first characters hold bits of what stands before, the last may hold bits of
            // what follows.
            let start = [0, 2, 3][offset];
            let end = encoded.len() - usize::from(shifted.len() % 3 != 0);
            if end.saturating_sub(start) >= SHORTEST {
                forms.push(Zeroizing::new(encoded[start..end].to_vec()));
            }
        }
    }
    forms
}

/// The text on one line: runs of white space as one space, without control characters and
/// without those that turn or hide text.
fn one_line(text: &str) -> String {
    let hidden = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let visible: String = text
        .chars()
        .filter(|c| c.is_whitespace() || !(c.is_control() || hidden(*c)))
        .collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose;
    use proptest::prelude::*;

    use super::*;

    fn redactor(secrets: &[&str]) -> Redactor {
        let secrets: Vec<SecretString> = secrets.iter().map(|s| (*s).into()).collect();
        Redactor::new(&secrets)
    }

    #[test]
    fn a_secret_is_found_in_every_form() {
        let secret = "pä$s/w\"rd+& 1\\";
        let redactor = redactor(&[secret]);
        let form = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect::<String>();
        let json = serde_json::to_string(secret).expect("text");
        let json = &json[1..json.len() - 1];
        for written in [
            secret,
            &form,
            "p%c3%a4%24s%2fw%22rd%2b%26%201%5c",
            "p%C3%A4$s/w%22rd+%26%201%5C",
            "p%25C3%25A4%2524s%252Fw%2522rd%252B%2526%25201%255C",
            json,
            &json.replace('ä', "\\u00e4").replace('/', "\\/"),
            "pä$s/w&quot;rd+&amp; 1\\",
            "pä$s/w&#34;rd&#x2b;&amp; 1&#92;",
            &general_purpose::STANDARD.encode(secret),
            &general_purpose::URL_SAFE_NO_PAD.encode(secret),
        ] {
            let text = redactor.redact(&format!("before <{written}> after"));
            assert_eq!(text, "before <[redacted]> after", "{written}");
        }
    }

    #[test]
    fn a_password_is_found_inside_basic_credentials() {
        let redactor = redactor(&["correct horse battery"]);
        for user in ["a", "ab", "abc"] {
            let pair = format!("{user}:correct horse battery");
            let text = redactor.redact(&general_purpose::STANDARD.encode(pair));
            assert!(text.contains(MARK), "{text}");
            assert!(text.len() <= MARK.len() + 10, "{text}");
        }
    }

    #[test]
    fn overlapping_secrets_leave_no_rest() {
        assert_eq!(
            redactor(&["abcdef", "defghi", "abc"]).redact("x abcdefghi y abcabc z"),
            "x [redacted] y [redacted] z"
        );
    }

    #[test]
    fn the_lines_of_a_private_key_are_found_apart() {
        let key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\nAQEFAASCBKcwggSj\n-----END PRIVATE KEY-----\n";
        let text = redactor(&[key]).redact("bad key: MIIEvQIBADANBgkqhkiG9w0B | AQEFAASCBKcwggSj");
        assert_eq!(text, "bad key: [redacted] | [redacted]");
    }

    #[test]
    fn an_excerpt_is_one_clean_line_cut_between_characters() {
        let redactor = redactor(&[]);
        assert_eq!(
            redactor.excerpt("a\r\n\tb\u{7}c\u{202e}d\u{1b}[31m", 100),
            "a bcd[31m"
        );
        assert_eq!(redactor.excerpt("äöüäöü", 3), "äöü…");
        assert_eq!(redactor.excerpt("äöü", 3), "äöü");
        assert_eq!(redactor.excerpt("", 3), "");
    }

    #[test]
    fn hidden_characters_do_not_hide_a_secret() {
        let redactor = redactor(&["topsecret"]);
        assert_eq!(redactor.excerpt("top\u{0}sec\u{200b}ret", 50), MARK);
    }

    #[test]
    fn a_secret_on_the_border_of_what_is_read_does_not_show() {
        let redactor = redactor(&["topsecret"]);
        for before in WINDOW - 40..WINDOW + 3 {
            let body = format!("{}topsecret and more", " ".repeat(before));
            let excerpt = redactor.excerpt(&body, 100);
            assert!(!excerpt.contains("to"), "{before}: {excerpt}");
        }
    }

    #[test]
    fn what_stands_before_an_escaped_secret_does_not_hide_it() {
        let redactor = redactor(&["f\" a"]);
        assert_eq!(redactor.redact(r#"\f\" a"#), format!("\\{MARK}"));
    }

    proptest! {
        #[test]
        fn no_secret_survives(secret in "[ -~äß😀]{4,20}", before in "\\PC{0,12}", after in "\\PC{0,12}") {
            prop_assume!(!secret.trim().is_empty());
            let redactor = redactor(&[&secret]);
            let secret = secret.trim();
            let json = serde_json::to_string(secret).expect("text");
            let percent = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect::<String>();
            for written in [secret, &json[1..json.len() - 1], &percent] {
                let text = redactor.redact(&format!("{before}{written}{after}"));
                prop_assert!(!text.replace(MARK, "").contains(written), "{text}");
            }
        }
    }
}
