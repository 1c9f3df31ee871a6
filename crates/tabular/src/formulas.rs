//! Cells that a spreadsheet would take for formulas.
//!
//! A value that begins with `=`, `+`, `-`, `@`, a tab or a carriage return is run by spreadsheets
//! when a CSV file is opened (OWASP, "CSV Injection"). An apostrophe in front keeps it text. So
//! that reading gives back exactly what was written, a value that looks as if it had been kept so
//! already gets one more.

use std::borrow::Cow;

/// `value` as a cell that no spreadsheet runs.
///
/// ```
/// use counterpart_tabular::{from_safe, safe};
///
/// assert_eq!(safe("=1+1"), "'=1+1");
/// assert_eq!(from_safe("'=1+1"), "=1+1");
/// assert_eq!(safe("O'Neil"), "O'Neil");
/// ```
pub fn safe(value: &str) -> Cow<'_, str> {
    if is_formula(value.trim_start_matches('\'')) {
        Cow::Owned(format!("'{value}"))
    } else {
        Cow::Borrowed(value)
    }
}

/// The value that [`safe`] made this cell of; other cells are as they are.
pub fn from_safe(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(value) if is_formula(value.trim_start_matches('\'')) => value,
        _ => cell,
    }
}

fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_comes_back_as_it_was_and_no_cell_is_a_formula() {
        let values = [
            "=cmd()", "'=x", "''=x", "+49 89", "-1", "@x", "\tx", "\rx", "", "'", "''", "O'Neil",
            "'quoted'", "a=b",
        ];
        for value in values {
            let cell = safe(value);
            assert!(!is_formula(&cell), "{cell}");
            assert_eq!(from_safe(&cell), value);
        }
    }
}
