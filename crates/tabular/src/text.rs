//! A file's bytes as text, and what its first lines say about the rest.

use std::borrow::Cow;

use counterpart_model::Code;

use crate::TableError;

const SAVE_AS_UTF8: &str = "save it as \"CSV UTF-8\"";

/// A file's bytes as text: UTF-8, or UTF-16 with a byte-order mark. Anything else is a guess that
/// would ruin names, and an error that names the line. Valid UTF-8 is borrowed, not copied.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, TableError> {
    let wrong =
        |line, reason: &str| TableError::new(Code::FileEncoding, line, reason, SAVE_AS_UTF8);
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        let (text, _, broken) = encoding.decode(bytes);
        return if broken {
            Err(wrong(
                None,
                &format!("not valid {} although it says so", encoding.name()),
            ))
        } else {
            Ok(text)
        };
    }
    if memchr::memchr(0, bytes).is_some() {
        return Err(wrong(
            None,
            "the file has zero bytes: it is UTF-16 without a mark, or no text",
        ));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(error) => {
            let before = &bytes[..error.valid_up_to()];
            let line = 1 + memchr::memchr_iter(b'\n', before).count() as u64;
            Err(wrong(
                Some(line),
                "not UTF-8: the file is in a legacy encoding such as Latin-1",
            ))
        }
    }
}

/// Excel's `sep=;` in front of the header: the rest, the lines it took, and the separator.
pub(crate) fn without_separator_line(text: &str) -> Result<(&str, u64, Option<u8>), TableError> {
    let declared = text
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("sep="));
    let Some((first, rest)) = text.split_once('\n').filter(|_| declared) else {
        return Ok((text, 0, None));
    };
    // A tab is all that a spreadsheet's `trim` would leave nothing of.
    let separator = first.trim_end().as_bytes().get(4).copied().unwrap_or(b'\t');
    if separator == b'\t' || (separator.is_ascii_punctuation() && separator != b'"') {
        return Ok((rest, 1, Some(separator)));
    }
    Err(TableError::new(
        Code::FileHeader,
        Some(1),
        format!("'{}' names no separator", first.trim_end()),
        "use a comma, a semicolon, a tab or a vertical bar, or remove the line",
    ))
}

/// The separator that the header has most of; a comma when it has none.
pub(crate) fn delimiter_of(text: &str) -> u8 {
    let header = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or("");
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0), (b'|', 0)];
    let mut quoted = false;
    for byte in header.bytes() {
        quoted ^= byte == b'"';
        if let Some(entry) = counts
            .iter_mut()
            .find(|(known, _)| !quoted && *known == byte)
        {
            entry.1 += 1;
        }
    }
    // The first of equals, hence from behind.
    counts
        .iter()
        .rev()
        .max_by_key(|(_, count)| *count)
        .map_or(b',', |(byte, _)| *byte)
}
