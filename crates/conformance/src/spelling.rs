//! Ids and numbers, spelled otherwise.

/// The same id with other digits: as long, of the same characters, and nobody's.
pub(crate) fn changed_digits(id: &str) -> String {
    let swap = |c: char| match c {
        '0'..='4' => char::from(b'9' - (c as u8 - b'0')),
        '5'..='9' => char::from(b'0' + (b'9' - c as u8)),
        other => other,
    };
    let half = id.len() / 2;
    let (front, back) = id.split_at(id.char_indices().nth(half).map_or(0, |(at, _)| at));
    format!("{front}{}", back.chars().map(swap).collect::<String>())
}

/// A British number as somebody typed it, in E.164.
pub(crate) fn e164(typed: &str) -> String {
    let typed = typed.replace("(0)", "");
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix('0') {
        Some(national) if !typed.starts_with('+') => format!("+44{national}"),
        _ => format!("+{digits}"),
    }
}
