//! Files, read; what is wrong is said with the file's name.

use std::path::Path;

use counterpart_tabular::decode;

use super::MatchArgs;
use super::columns::Origin;
use super::error::MatchError;
use super::people::People;

/// Reads a file as text and hands it on; its bytes are gone afterwards.
pub(super) fn with_text<T>(
    path: &Path,
    take: impl FnOnce(&str) -> Result<T, MatchError>,
) -> Result<T, MatchError> {
    let bytes = std::fs::read(path).map_err(|source| MatchError::io(path, "read", source))?;
    take(&decode(&bytes).map_err(|error| MatchError::table(path, error))?)
}

/// Reads both files at once. Of two errors the first file's is reported.
pub(super) fn read_both(args: &MatchArgs) -> Result<(People, People), MatchError> {
    let read = |path: &Path, origin, id: Option<&str>| {
        with_text(path, |text| {
            People::read(path, text, origin, id, &args.maps)
        })
    };
    std::thread::scope(|scope| {
        let right = scope.spawn(|| read(&args.b, Origin::B, args.id_b.as_deref()));
        let left = read(&args.a, Origin::A, args.id_a.as_deref());
        let right = right
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        Ok((left?, right?))
    })
}
