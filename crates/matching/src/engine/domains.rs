//! Mail domains that belong together, as after a merger: learned from ties that are certain.

use rustc_hash::FxHashMap;

use crate::compare::{Comparer, DomainPairs};
use crate::corpus::people::People;
use crate::corpus::strings::TextId;
use crate::parallel::in_parallel;
use crate::weigh::edges::Edge;
use crate::weigh::learn::log_odds;
use crate::weigh::model::Model;

/// Ties between two domains that make them a pair, and their least share in the left domain.
const PAIRED_TIES: f64 = 3.0;
const PAIRED_SHARE: f64 = 0.05;

/// Log2 odds from which an edge that is the best of both its ends counts as a tie here.
const CERTAIN_BITS: f64 = 6.0;

/// Domains of the two sides that certain ties join often: the organization changed its name.
pub(crate) fn paired_domains(
    model: &Model,
    edges: &[Edge],
    lefts: &People,
    rights: &People,
) -> DomainPairs {
    let odds = log_odds(model, edges);
    let mut best = [
        vec![f64::NEG_INFINITY; lefts.len()],
        vec![f64::NEG_INFINITY; rights.len()],
    ];
    for (edge, &odds) in edges.iter().zip(&odds) {
        for (best, node) in best.iter_mut().zip([edge.left, edge.right]) {
            best[node as usize] = best[node as usize].max(odds);
        }
    }
    let mut ties: FxHashMap<(TextId, TextId), f64> = FxHashMap::default();
    let mut totals: FxHashMap<TextId, f64> = FxHashMap::default();
    for (edge, &odds) in edges.iter().zip(&odds) {
        let (left, right) = (edge.left as usize, edge.right as usize);
        if odds < CERTAIN_BITS || odds < best[0][left] || odds < best[1][right] {
            continue;
        }
        let (one, other) = (lefts.get(left), rights.get(right));
        for mail in one.mails.iter().filter(|mail| !mail.public) {
            *totals.entry(mail.domain).or_default() += 1.0;
            for with in other.mails.iter().filter(|with| !with.public) {
                if mail.domain != with.domain {
                    *ties.entry((mail.domain, with.domain)).or_default() += 1.0;
                }
            }
        }
    }
    ties.into_iter()
        .filter(|((domain, _), count)| {
            *count >= PAIRED_TIES && *count >= PAIRED_SHARE * totals[domain]
        })
        .map(|(pair, _)| pair)
        .collect()
}

/// Compares the edges between paired domains anew.
pub(crate) fn compare_again(
    comparer: &Comparer<'_>,
    edges: &mut [Edge],
    lefts: &People,
    rights: &People,
) {
    let Some(pairs) = comparer.paired_domains else {
        return;
    };
    let again = in_parallel(edges.len(), |range, found| {
        for (place, edge) in range.clone().zip(&edges[range]) {
            let (one, other) = (
                lefts.get(edge.left as usize),
                rights.get(edge.right as usize),
            );
            let is_paired = one.mails.iter().any(|mail| {
                let pair = |with: &crate::corpus::people::Mail| {
                    pairs.contains(&(mail.domain, with.domain))
                };
                other.mails.iter().any(pair)
            });
            if is_paired {
                let comparison = comparer.compare(&one, &other);
                found.push((place, Edge::new(edge.left, edge.right, &comparison)));
            }
        }
    });
    for (place, edge) in again {
        edges[place] = edge;
    }
}
