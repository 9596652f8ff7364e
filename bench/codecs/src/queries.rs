//! Queries: words that stand together in a title.

use offprint_analysis::{TokenKind, is_stop_word, stem, tokenize};
use offprint_papers::Paper;

use crate::random::Random;
use crate::terms::Terms;

/// A word of a query.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    pub(crate) stem: u32,
    /// How often the query says it.
    pub(crate) times: u32,
}

/// Draws `count` queries of two to four consecutive title words; function words are left out of
/// those that hold any other word, as the engine does.
pub(crate) fn draw(papers: &[&Paper], terms: &Terms, count: usize, seed: u64) -> Vec<Vec<Word>> {
    let mut random = Random::new(seed);
    let mut queries = Vec::new();
    while queries.len() < count && !papers.is_empty() {
        let at = random.below(papers.len() as u64) as usize;
        let length = random.below(3) as usize + 2;
        let mut said: Vec<String> = Vec::new();
        if let Some(paper) = papers.get(at) {
            tokenize(&paper.title.clean, &mut |token| {
                if token.kind == TokenKind::Word {
                    said.push(token.term.to_owned());
                }
            });
        }
        if said.len() < length {
            continue;
        }
        let first = random.below((said.len() - length) as u64 + 1) as usize;
        let said = said.get(first..first + length).unwrap_or_default();
        let content = said.iter().any(|word| !is_stop_word(word));
        let mut words: Vec<(&String, Word)> = Vec::new();
        for word in said.iter().filter(|word| !content || !is_stop_word(word)) {
            if let Some((_, known)) = words.iter_mut().find(|(known, _)| *known == word) {
                known.times += 1;
            } else if let Some(&stem) = terms.stems.get(&*stem(word)) {
                words.push((word, Word { stem, times: 1 }));
            }
        }
        queries.push(words.into_iter().map(|(_, word)| word).collect());
    }
    queries
}
