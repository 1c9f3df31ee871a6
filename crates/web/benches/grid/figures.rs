//! Times as a table.

use std::time::Duration;

/// The head of the table.
pub(crate) fn head() {
    println!("| Database | Page | Asked for | Median | 95th percentile | Longest | Aim | |");
    println!("|---|---|--:|--:|--:|--:|--:|---|");
}

/// A row of the table. The aim is for the 95th percentile, in milliseconds.
pub(crate) fn row(database: &str, page: &str, times: &[Duration], aim: f64) {
    let mut sorted = times.to_vec();
    sorted.sort();
    let p95 = millis(at(&sorted, 95));
    println!(
        "| {database} | {page} | {} | {:.1} | {p95:.1} | {:.1} | {aim:.0} | {} |",
        times.len(),
        millis(at(&sorted, 50)),
        millis(at(&sorted, 100)),
        if p95 < aim { "met" } else { "missed" }
    );
}

/// The searches that took longest, for whoever wants to know why.
pub(crate) fn slowest(searches: &[String], times: &[Duration]) {
    let mut by_time: Vec<(Duration, &String)> = times.iter().copied().zip(searches).collect();
    by_time.sort_by_key(|(time, _)| std::cmp::Reverse(*time));
    let named: Vec<String> = by_time
        .iter()
        .take(5)
        .map(|(time, words)| format!("`{words}` {:.0}", millis(*time)))
        .collect();
    println!("| | slowest | | | | {} | | |", named.join(", "));
}

/// The least of sorted times that `percent` of them do not exceed.
fn at(sorted: &[Duration], percent: usize) -> Duration {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or_default()
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
