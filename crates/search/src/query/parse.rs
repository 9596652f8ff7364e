//! From text to a query. Nothing is ever wrong: what does not read as an operator is text.
//!
//! * Words: papers with all of them come first.
//! * `"exact phrase"`, `"word"` and `word$`: as it stands, not another form.
//! * `-word`, `-"phrase"`, `-(…)`, `NOT …`: papers without.
//! * `one OR two`, `one | two`: `OR` binds what stands at its sides, tighter than a blank.
//! * `(…)` around what holds an `OR` or begins with quotes or a field, or after `-` or a field.
//! * `title:` `ti:` `abstract:` `abs:` `author:` `au:` before a word, a phrase or parentheses.
//! * `begin*`: any word that begins so.
//! * `year:2019..2024` `date:` `cat:` `venue:` `topic:` `has:code`: what papers must be. A category or a venue
//!   may stop at the end of a part of its name: `cat:cs` is `cs.CL` too.

use std::ops::Range;

use offprint_analysis::{MAX_TERM_BYTES, Token, TokenKind, is_stop_word, tokenize};

use super::fields::{field, is_quote, tells};
use super::{Facts, Field, Op, Query, Quoted, Variant, Word};
use crate::dates::range;
use crate::filter::{CODE, DATE};
use crate::limits;
use crate::phrase::{Phrase, PhraseField};
use crate::resolve::letters;

/// Queries of more blanks than this, all in capitals, are titles: `TO BE OR NOT TO BE`.
const SHOUTED: usize = 4;

/// Parentheses, fields and exclusions inside each other; deeper ones are text. The stack of
/// conditions has 64 bits and takes two for each.
const DEPTH: u32 = 24;

/// Parentheses whose ends are looked for; more are text.
const GROUPS: u32 = 64;

/// Steps of the condition; what would be more is left out.
const STEPS: usize = 256;

/// What the text around says of the text at hand.
#[derive(Clone, Copy, Default)]
struct Context {
    field: Field,
    /// The filter whose values stand here, if they are no words.
    filter: u8,
    unwanted: bool,
    /// Whether it stands in parentheses or after a field.
    inner: bool,
}

enum Operand {
    /// Plain words, not yet read.
    Text(Range<usize>),
    /// Something that has been read; whether it left a condition.
    Condition(bool),
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    /// Whether the query has words that are no function words.
    content: bool,
    /// Whether `OR` and `NOT` are operators.
    operators: bool,
    /// Where the next blank stands, once it was looked for.
    blank: usize,
    depth: u32,
    groups: u32,
    /// Up to here the text was looked through for filters.
    copied: usize,
    query: Query,
}

/// A word as it was said.
struct Said {
    text: String,
    start: usize,
    end: usize,
    /// Its bit, if it counts.
    bit: u64,
}

impl Query {
    /// Reads a query; never fails.
    pub(crate) fn parse(text: &str) -> Query {
        let mut end = text.len().min(limits::QUERY);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let text = text.get(..end).unwrap_or_default();
        let mut content = false;
        tokenize(text, &mut |token| {
            content |= token.kind == TokenKind::Word && !is_stop_word(token.term);
        });
        let mut parser = Parser {
            text,
            at: 0,
            content,
            operators: text
                .bytes()
                .any(|byte| byte.is_ascii_lowercase() || !byte.is_ascii())
                || text.bytes().filter(|byte| *byte == b' ').count() <= SHOUTED,
            blank: 0,
            depth: 0,
            groups: 0,
            copied: 0,
            query: Query::default(),
        };
        parser.list(end, Context::default());
        parser.leave_out(end, end);
        parser.query
    }

    fn stand_for(&mut self, text: &str, words: u64, joined: bool, context: Context) {
        let new = self
            .variants
            .iter()
            .all(|known| known.text != text || known.field != context.field);
        if words != 0 && new && self.variants.len() < limits::VARIANTS {
            self.variants.push(Variant {
                text: text.to_owned(),
                words,
                field: context.field,
                unwanted: context.unwanted,
                joined,
            });
        }
    }
}

impl<'t> Parser<'t> {
    fn slice(&self, range: Range<usize>) -> &'t str {
        self.text.get(range).unwrap_or_default()
    }

    /// Passes over blanks; whether anything is left.
    fn skip_blanks(&mut self, end: usize) -> bool {
        let rest = self.slice(self.at..end);
        self.at = end - rest.trim_start().len();
        self.at < end
    }

    /// Up to the next blank.
    fn chunk(&mut self, end: usize) -> &'t str {
        if self.blank <= self.at {
            let rest = self.slice(self.at..self.text.len());
            let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
            self.blank = self.at + length;
        }
        self.slice(self.at..self.blank.min(end))
    }

    /// Takes an operator if it stands here with something behind it.
    fn take(&mut self, end: usize, names: [&str; 2]) -> bool {
        let before = self.at;
        if self.skip_blanks(end) {
            let chunk = self.chunk(end);
            let known = names.contains(&chunk) && (self.operators || chunk == "|");
            self.at += chunk.len();
            if known && self.skip_blanks(end) {
                return true;
            }
        }
        self.at = before;
        false
    }

    fn push(&mut self, op: Op) {
        self.query.must.push(op);
    }

    /// Reads up to `end`; whether it left a condition.
    fn list(&mut self, end: usize, context: Context) -> bool {
        let mut some = false;
        let mut run = 0..0;
        while self.skip_blanks(end) {
            let operand = self.operand(end, context);
            let plain = !context.inner && !context.unwanted;
            if !self.take(end, ["OR", "|"]) {
                match operand {
                    Operand::Text(range) if plain => {
                        if run.is_empty() {
                            run.start = range.start;
                        }
                        run.end = range.end;
                        continue;
                    }
                    operand => {
                        let left = self.condition(operand, context);
                        some = self.join(Op::And, some, left);
                    }
                }
            } else {
                let mut either = self.condition(operand, context);
                loop {
                    let operand = self.operand(end, context);
                    let left = self.condition(operand, context);
                    either = self.join(Op::Or, either, left);
                    if !self.take(end, ["OR", "|"]) {
                        break;
                    }
                }
                some = self.join(Op::And, some, either);
            }
            some = self.plain(&mut run, some);
        }
        self.plain(&mut run, some)
    }

    /// Joins a condition to those before it; whether there is any now.
    fn join(&mut self, op: Op, before: bool, now: bool) -> bool {
        if before && now {
            self.push(op);
        }
        before || now
    }

    /// Reads the plain words gathered so far.
    fn plain(&mut self, run: &mut Range<usize>, some: bool) -> bool {
        let range = std::mem::take(run);
        if range.is_empty() {
            return some;
        }
        let (words, exact) = self.words(range, Context::default());
        self.query.soft |= words;
        let now = self.has(exact);
        self.join(Op::And, some, now)
    }

    fn condition(&mut self, operand: Operand, context: Context) -> bool {
        match operand {
            Operand::Condition(some) => some,
            Operand::Text(range) if context.filter != 0 => self.facts(range, context),
            Operand::Text(range) => {
                let (words, exact) = self.words(range, context);
                self.has(words | exact)
            }
        }
    }

    /// Demands these bits, if there are any; whether it left a condition.
    fn has(&mut self, bits: u64) -> bool {
        let some = bits != 0 && self.query.must.len() < STEPS;
        if some {
            self.push(Op::Has(bits));
        }
        some
    }

    /// Reads what stands here.
    fn operand(&mut self, end: usize, context: Context) -> Operand {
        let start = self.at;
        let chunk = self.chunk(end);
        let mut letters = chunk.chars();
        let first = letters.next().unwrap_or(' ');
        let second = letters.next().unwrap_or(' ');
        if is_quote(first) {
            let open = start + first.len_utf8();
            if let Some(length) = self.slice(open..end).find(is_quote) {
                let close = open + length;
                let quote = self.slice(close..end).chars().next();
                self.at = close + quote.map_or(1, char::len_utf8);
                return Operand::Condition(self.phrase(open..close, context));
            }
        }
        if self.depth < DEPTH {
            self.depth += 1;
            let some = self.nested(end, chunk, first, second, context);
            self.depth -= 1;
            if let Some(some) = some {
                return Operand::Condition(some);
            }
        }
        self.at = start + chunk.len();
        Operand::Text(start..self.at)
    }

    /// Reads what has an operand inside, if that stands here; whether it left a condition.
    fn nested(
        &mut self,
        end: usize,
        chunk: &str,
        first: char,
        second: char,
        context: Context,
    ) -> Option<bool> {
        let start = self.at;
        let letter = second.is_ascii_alphabetic() || !second.is_ascii();
        let minus = first == '-' && (letter || is_quote(second) || second == '(');
        if minus || self.take(end, ["NOT", "ANDNOT"]) {
            self.at += usize::from(minus);
            let inner = Context {
                unwanted: !context.unwanted,
                ..context
            };
            let operand = self.operand(end, inner);
            let some = self.condition(operand, inner);
            if some {
                self.push(Op::Not);
            }
            return Some(some);
        }
        let inner = Context {
            inner: true,
            ..context
        };
        if first == '('
            && let Some(close) = self.close(end)
            && (context.inner || context.unwanted || tells(self.slice(start + 1..close)))
        {
            self.at = start + 1;
            let some = self.list(close, inner);
            self.at = close + 1;
            return Some(some);
        }
        let colon = chunk.bytes().position(|byte| byte == b':')?;
        let named = field(chunk.get(..colon)?).filter(|_| colon + 1 < chunk.len());
        let (field, filter) = named?;
        self.at = start + colon + 1;
        let inner = Context {
            field,
            filter,
            ..inner
        };
        let operand = self.operand(end, inner);
        let some = self.condition(operand, inner);
        if filter != 0 {
            self.leave_out(start, self.at);
        }
        Some(some)
    }

    /// Leaves a filter out of what titles may say.
    fn leave_out(&mut self, start: usize, end: usize) {
        let before = self.slice(self.copied..start);
        self.query.sayable.push_str(before);
        self.copied = end;
    }

    /// Where the parenthesis closes that opens here.
    fn close(&mut self, end: usize) -> Option<usize> {
        self.groups += 1;
        if self.groups > GROUPS {
            return None;
        }
        let mut depth = 0u32;
        for (at, byte) in self.slice(self.at..end).bytes().enumerate() {
            match byte {
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Some(self.at + at);
            }
        }
        None
    }

    /// Reads the inside of quotes; whether it left a condition.
    fn phrase(&mut self, range: Range<usize>, context: Context) -> bool {
        if context.filter != 0 {
            return self.facts(range, context);
        }
        if context.field == Field::Author {
            // Names match in any order.
            let (words, _) = self.words(range, context);
            return self.has(words);
        }
        let mut words = Vec::new();
        let mut symbol = None;
        let whole = self.slice(range);
        tokenize(whole, &mut |token| match token.kind {
            TokenKind::Word => words.push(token.term.to_owned()),
            // `"C++"` is more than its one letter.
            TokenKind::Variant if token.end - token.start == whole.len() => {
                symbol = Some(token.term.to_owned());
            }
            TokenKind::Variant => {}
        });
        if let ([_], Some(text)) = (words.as_slice(), symbol) {
            let bit = self.word(&text, false, context);
            return self.has(bit);
        }
        for word in &words {
            if !context.unwanted && !is_stop_word(word) {
                self.word(word, false, context);
            }
        }
        let bit = self.exact(words, context);
        self.has(bit)
    }

    /// Reads the value of a filter; whether it left a condition. What is no value is text.
    fn facts(&mut self, place: Range<usize>, context: Context) -> bool {
        let value = self.slice(place.clone());
        let filter = context.filter;
        let is_one = match filter {
            DATE => range(value).is_some(),
            CODE => value.eq_ignore_ascii_case("code"),
            _ => true,
        };
        if !is_one {
            let context = Context {
                filter: 0,
                ..context
            };
            return self.condition(Operand::Text(place), context);
        }
        let bit = self.free_bit();
        if bit != 0 {
            self.query.facts.push(Facts {
                filter,
                value: value.to_owned(),
                typed: place.end == self.text.len(),
                bit,
            });
        }
        self.has(bit)
    }

    /// A bit for another phrase or filter, if there may be one.
    fn free_bit(&self) -> u64 {
        match self.query.phrases.len() + self.query.facts.len() {
            taken if taken < limits::PHRASES => 1 << (63 - taken),
            _ => 0,
        }
    }

    /// Adds a phrase; gives its bit, or none where there are too many.
    fn exact(&mut self, words: Vec<String>, context: Context) -> u64 {
        let field = match context.field {
            Field::Title => PhraseField::Title,
            Field::Abstract => PhraseField::Abstract,
            Field::Any | Field::Author => PhraseField::Any,
        };
        let phrase = Phrase { words, field };
        let phrases = &self.query.phrases;
        if let Some(known) = phrases.iter().find(|known| known.phrase == phrase) {
            return known.bit;
        }
        let bit = self.free_bit();
        if phrase.words.is_empty() || bit == 0 {
            return 0;
        }
        self.query.phrases.push(Quoted { phrase, bit });
        bit
    }

    /// Adds a word; gives its bit, or none where there are too many words.
    fn word(&mut self, text: &str, prefix: bool, context: Context) -> u64 {
        let same = |known: &Word| {
            known.text == text && known.field == context.field && known.unwanted == context.unwanted
        };
        let words = &mut self.query.words;
        let place = match words.iter().position(same) {
            Some(place) => place,
            None if words.len() == limits::WORDS => return 0,
            None => {
                words.push(Word {
                    text: text.to_owned(),
                    prefix,
                    hollow: prefix && self.content && is_stop_word(text),
                    field: context.field,
                    unwanted: context.unwanted,
                    ..Word::default()
                });
                words.len() - 1
            }
        };
        if let Some(word) = words.get_mut(place) {
            word.times += 1;
            // A word that was also said whole is not taken for a beginning.
            word.prefix &= prefix;
        }
        1 << place
    }

    /// Reads plain words; gives the bits of those that count, and of those that stand exactly so.
    fn words(&mut self, range: Range<usize>, context: Context) -> (u64, u64) {
        let start = range.start;
        let mut said: Vec<Said> = Vec::new();
        let mut forms: Vec<Said> = Vec::new();
        tokenize(self.slice(range), &mut |token: Token<'_>| {
            let list = match token.kind {
                TokenKind::Word => &mut said,
                TokenKind::Variant => &mut forms,
            };
            list.push(Said {
                text: token.term.to_owned(),
                start: start + token.start,
                end: start + token.end,
                bit: 0,
            });
        });
        let (mut bits, mut exact) = (0, 0);
        for word in &mut said {
            word.bit = self.say(word, context);
            bits |= word.bit;
            if word.bit != 0 && self.ends(word, '$') && !self.in_formula(word.end) {
                exact |= self.exact(vec![word.text.clone()], context);
            }
        }
        for form in &forms {
            let mut words = 0;
            for word in &said {
                if word.start >= form.start && word.end <= form.end {
                    words |= word.bit;
                }
            }
            self.query.stand_for(&form.text, words, false, context);
        }
        // What is written as two words may stand as one (`page rank`, `pagerank`). The joined word
        // sorts next to its first part, so looking it up seldom costs another shard.
        for pair in said.windows(2) {
            if let [one, two] = pair
                && one.bit != 0
                && two.bit != 0
                && one.text.len() + two.text.len() <= MAX_TERM_BYTES
            {
                let joined = [one.text.as_str(), two.text.as_str()].concat();
                let bits = one.bit | two.bit;
                self.query.stand_for(&joined, bits, true, context);
            }
        }
        (bits, exact)
    }

    /// Whether a formula of TeX is open here: `$` begins one where no word is before it, and ends it.
    fn in_formula(&self, at: usize) -> bool {
        let (mut open, mut before) = (false, b' ');
        for byte in self.slice(0..at).bytes() {
            if byte == b'$' {
                open = !open && !before.is_ascii_alphanumeric();
            }
            before = byte;
        }
        open
    }

    /// Whether a mark and a blank follow a word.
    fn ends(&self, word: &Said, mark: char) -> bool {
        let rest = self.slice(word.end..self.text.len()).strip_prefix(mark);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
    }

    /// Adds a word as it was said; gives its bit if it counts.
    fn say(&mut self, word: &Said, context: Context) -> u64 {
        let letters = letters(&word.text);
        let starred = letters > 1 && self.ends(word, '*');
        let typed = word.end == self.text.len() && !context.unwanted;
        // Lists behind few letters do not tell fields apart.
        let short = letters <= offprint_format::limits::PREFIX_LETTERS;
        let prefix = (starred || typed) && !(short && context.field != Field::Any);
        let stop = self.content && is_stop_word(&word.text) && !prefix;
        // An author's initial may stand for a whole name.
        if stop || context.field == Field::Author && letters == 1 {
            return 0;
        }
        self.word(&word.text, prefix, context)
    }
}
