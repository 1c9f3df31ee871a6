//! Work spread over the processor's cores, with the result in order whatever their number.

use std::ops::Range;

/// Fewest items that are worth a thread.
const ITEMS: usize = 512;

/// Runs `work` on consecutive ranges, one per thread, and joins what they found in order.
pub(crate) fn in_parallel<T: Send>(
    count: usize,
    work: impl Fn(Range<usize>, &mut Vec<T>) + Sync,
) -> Vec<T> {
    let threads = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(count / ITEMS + 1);
    let size = count.div_ceil(threads).max(1);
    let run = |thread: usize| {
        let mut found = Vec::new();
        work(thread * size..((thread + 1) * size).min(count), &mut found);
        found
    };
    if threads == 1 {
        return run(0);
    }
    std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads)
            .map(|thread| scope.spawn(move || run(thread)))
            .collect();
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

/// Runs a few pieces of work, at the same time as far as there are cores, and returns what they
/// found in order.
pub(crate) fn in_parallel_each<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let threads = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(count);
    if threads < 2 {
        return (0..count).map(work).collect();
    }
    let work = &work;
    let size = count.div_ceil(threads);
    std::thread::scope(|scope| {
        let start = |thread: usize| {
            let some = thread * size..((thread + 1) * size).min(count);
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
