//! Files of people as they really come: any usual separator, byte-order marks, UTF-16 from a
//! spreadsheet; and a clear word about what cannot be read.
//!
//! Pure: bytes in, rows out. What is *not* here: reading files, and what becomes of the people.

mod columns;
mod error;
mod formulas;
mod reader;
mod records;
mod ruined;
mod sheet;
mod text;
mod words;
mod workbook;

pub use columns::{Field, assign_fields, column_named, header_words};
pub use error::TableError;
pub use formulas::{from_safe, safe};
pub use reader::{RowView, SheetReader};
pub use ruined::{is_scientific, kept_of_rounded};
pub use sheet::{Row, Sheet};
pub use text::decode;
pub use workbook::workbook;
