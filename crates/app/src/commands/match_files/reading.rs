//! Files, read and parsed; what is wrong is said with the file's name.

use std::path::Path;

use counterpart_tabular::Sheet;

use super::error::MatchError;

/// Reads a file of people or pairs.
pub(super) fn read_sheet(path: &Path) -> Result<Sheet, MatchError> {
    let bytes = std::fs::read(path).map_err(|source| MatchError::io(path, "read", source))?;
    Sheet::parse(&bytes).map_err(|error| MatchError::table(path, error))
}
