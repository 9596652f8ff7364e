//! Ranking: all words first, then by score, then by document, as the engine does.

/// What is known of a word's papers.
#[derive(Clone, Debug, Default)]
pub(crate) struct View {
    /// Documents and the value that each is taken to have.
    pub(crate) papers: Vec<(u32, u32)>,
    /// The word is not required, as papers may have it that are not named.
    pub(crate) loose: bool,
    /// The value that papers get which are not named.
    pub(crate) missing: u32,
}

/// Adds up, paper by paper, over and over.
pub(crate) struct Ranker {
    scores: Vec<i32>,
    words: Vec<u8>,
}

impl Ranker {
    pub(crate) fn new(papers: u32) -> Self {
        Ranker {
            scores: vec![0; papers as usize],
            words: vec![0; papers as usize],
        }
    }

    /// The first `limit` papers for words with their weights.
    pub(crate) fn best(&mut self, words: &[(View, u32)], limit: usize) -> Vec<u32> {
        self.scores.fill(0);
        self.words.fill(0);
        let mut required = 0u8;
        for (at, (view, weight)) in words.iter().enumerate() {
            let bit = 1 << at;
            if !view.loose {
                required |= bit;
            }
            for &(doc, value) in &view.papers {
                let gain = (value as i32 - view.missing as i32) * *weight as i32;
                if let (Some(score), Some(words)) = (
                    self.scores.get_mut(doc as usize),
                    self.words.get_mut(doc as usize),
                ) {
                    *score += gain;
                    *words |= bit;
                }
            }
        }
        // Worst of those kept last.
        let mut best: Vec<(bool, i32, u32)> = Vec::with_capacity(limit + 1);
        for ((doc, &score), &words) in (0..).zip(&self.scores).zip(&self.words) {
            if words == 0 {
                continue;
            }
            let key = (words & required != required, -score, doc);
            if best.len() == limit && best.last().is_some_and(|worst| *worst <= key) {
                continue;
            }
            let at = best.partition_point(|kept| *kept < key);
            best.insert(at, key);
            best.truncate(limit);
        }
        best.into_iter().map(|(_, _, doc)| doc).collect()
    }
}
