//! Files of people as they really come: any usual separator, byte-order marks, UTF-16 from a
//! spreadsheet; and a clear word about what cannot be read.
//!
//! Pure: bytes in, rows out. What is *not* here: reading files, and what becomes of the people.

mod columns;
mod error;
mod reader;
mod records;
mod sheet;
mod text;
mod words;

pub use columns::{Field, assign_fields, column_named, header_words};
pub use error::TableError;
pub use reader::{RowView, SheetReader};
pub use sheet::{Row, Sheet, is_scientific};
pub use text::decode;
