//! How good a ranking is, from 0 to 1.

use std::collections::HashMap;

/// How relevant papers are to a query, by id; what is not named, or is 0, is not.
pub type Judgements = HashMap<String, u32>;

/// Measures of one ranking, or their means over queries.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Measures {
    /// Discounted cumulative gain of the first ten over that of the best order, with the judgement
    /// as the gain (Järvelin and Kekäläinen 2002, as trec_eval's `ndcg_cut.10`).
    pub ndcg: f64,
    /// Share of the relevant papers among the first hundred.
    pub recall: f64,
    /// One over the place of the first relevant paper, if it is among the first ten.
    pub reciprocal_rank: f64,
}

impl Measures {
    /// Measures of a ranking; nothing if no paper is relevant.
    #[must_use]
    pub fn of(ranking: &[String], judged: &Judgements) -> Option<Self> {
        let relevant = judged.values().filter(|&&gain| gain > 0).count();
        if relevant == 0 {
            return None;
        }
        let gain = |id: &String| judged.get(id).copied().unwrap_or(0);
        let mut best: Vec<u32> = judged.values().copied().collect();
        best.sort_unstable_by(|a, b| b.cmp(a));
        let found = ranking.iter().take(100).filter(|id| gain(id) > 0).count();
        let first = ranking.iter().take(10).position(|id| gain(id) > 0);
        Some(Self {
            ndcg: discounted(ranking.iter().map(gain)) / discounted(best.into_iter()),
            recall: found as f64 / relevant as f64,
            reciprocal_rank: first.map_or(0.0, |at| 1.0 / (at + 1) as f64),
        })
    }

    /// The means of several.
    #[must_use]
    pub fn mean(all: &[Self]) -> Self {
        let count = all.len().max(1) as f64;
        let mean = |of: fn(&Self) -> f64| all.iter().map(of).sum::<f64>() / count;
        Self {
            ndcg: mean(|one| one.ndcg),
            recall: mean(|one| one.recall),
            reciprocal_rank: mean(|one| one.reciprocal_rank),
        }
    }
}

fn discounted(gains: impl Iterator<Item = u32>) -> f64 {
    let discounted = |(at, gain): (usize, u32)| f64::from(gain) / ((at + 2) as f64).log2();
    gains.take(10).enumerate().map(discounted).sum()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn ids(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn measures_are_those_of_the_field() {
        let judged = Judgements::from([("a".into(), 2), ("b".into(), 1), ("c".into(), 0)]);
        let perfect = Measures::of(&ids("a b c"), &judged).unwrap();
        let all = [perfect.ndcg, perfect.recall, perfect.reciprocal_rank];
        assert_eq!(all, [1.0, 1.0, 1.0]);
        // (1 / log2 3 + 2 / log2 4) / (2 + 1 / log2 3)
        let worse = Measures::of(&ids("c b a"), &judged).unwrap();
        assert!((worse.ndcg - 0.619_92).abs() < 1e-4, "{worse:?}");
        assert_eq!((worse.recall, worse.reciprocal_rank), (1.0, 0.5));
        assert_eq!(Measures::of(&[], &judged), Some(Measures::default()));
        assert_eq!(Measures::of(&ids("a"), &Judgements::new()), None);
    }
}
