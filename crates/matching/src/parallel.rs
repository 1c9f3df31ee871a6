//! Work spread over the processor's cores, with the result in order whatever their number.

use std::ops::Range;

/// Fewest items that are worth a thread.
const ITEMS: usize = 512;

/// Runs `work` on consecutive ranges, one per thread, and joins what they found in order.
pub(crate) fn in_parallel<T: Send>(
    count: usize,
    work: impl Fn(Range<usize>, &mut Vec<T>) + Sync,
) -> Vec<T> {
    let pieces = threads().min(count / ITEMS + 1);
    let size = count.div_ceil(pieces).max(1);
    let parts = each_in_parallel(pieces, |piece| {
        let mut found = Vec::new();
        let range = (piece * size).min(count)..((piece + 1) * size).min(count);
        work(range, &mut found);
        found
    });
    let mut parts = parts.into_iter();
    let mut all = parts.next().unwrap_or_default();
    all.reserve_exact(parts.as_slice().iter().map(Vec::len).sum());
    for mut part in parts {
        all.append(&mut part);
    }
    all
}

/// Runs some pieces of work at the same time, as far as there are cores, and returns what they
/// found in order.
pub(crate) fn each_in_parallel<T: Send>(pieces: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let threads = threads().min(pieces);
    if threads < 2 {
        return (0..pieces).map(work).collect();
    }
    let work = &work;
    let size = pieces.div_ceil(threads);
    std::thread::scope(|scope| {
        let start = |thread: usize| {
            let some = thread * size..((thread + 1) * size).min(pieces);
            scope.spawn(move || some.map(work).collect::<Vec<T>>())
        };
        let handles: Vec<_> = (0..threads).map(start).collect();
        handles
            .into_iter()
            .flat_map(|handle| {
                handle
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
    })
}

/// Does two things at the same time.
pub(crate) fn both<A: Send, B: Send>(
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    std::thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        let one = one
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        (one, other)
    })
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
