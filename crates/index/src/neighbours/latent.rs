//! Papers and words as points of one small space.
//!
//! Words that stand in the same papers lie near each other there, and so do words that stand beside
//! the same others, whether or not any paper holds both (S. Deerwester, S. T. Dumais, G. W. Furnas,
//! T. K. Landauer and R. Harshman, "Indexing by latent semantic analysis", JASIS 1990). The space is
//! spanned by the strongest directions among the papers, found from random signs by multiplying
//! with all papers again and again (N. Halko, P. G. Martinsson and J. A. Tropp, "Finding structure
//! with randomness", SIAM Review 2011).
//!
//! Floating point, but sums, products, quotients and square roots alone, each in a fixed order, so
//! that every machine and every number of threads finds the same.

use rayon::prelude::*;

use super::vectors::Vectors;
use crate::Error;
use crate::pipeline::{pipeline, threads};

/// Directions of the space, at most.
const DIRECTIONS: usize = 128;
/// Each direction takes at least so many papers: fewer would say of a paper only what it says.
const PAPERS_OF_ONE: u32 = 16;
/// Collections of fewer papers have no directions.
const FEWEST: u32 = 32;
/// Papers among which directions are looked for.
const SAMPLE: u32 = 1 << 15;
/// How often the sample is multiplied with; at last, all papers are.
const ROUNDS: u32 = 3;
/// Papers that a thread works on at a time, and stems. Nothing that is found hangs on either.
const UNIT: usize = 1024;
/// Numbers that are added up side by side.
const LANES: usize = 8;
/// A direction is left out if others say all but so much of it.
const NOTHING_NEW: f64 = 1e-6;

/// A place in the space.
pub(super) type Point = [f32; DIRECTIONS];

/// Where words lie.
pub(super) struct Latent {
    /// By stem, which of the points is its; [`NOWHERE`] for a stem of no vector.
    rows: Vec<u32>,
    points: Vec<Point>,
}

/// Stands for no point.
const NOWHERE: u32 = u32::MAX;

impl Latent {
    pub(super) fn new(vectors: &Vectors) -> Result<Latent, Error> {
        let papers = vectors.papers();
        let directions = match papers < FEWEST {
            true => 0,
            false => ((papers / PAPERS_OF_ONE) as usize).min(DIRECTIONS),
        };
        let mut rows = vec![NOWHERE; vectors.stems()];
        for (term, _) in (0..papers).flat_map(|doc| vectors.of(doc)) {
            if let Some(row) = rows.get_mut(term.stem() as usize) {
                *row = 0;
            }
        }
        let mut points = Vec::new();
        for (stem, row) in (0..).zip(&mut rows).filter(|(_, row)| **row == 0) {
            *row = points.len() as u32;
            points.push(signs(stem, directions));
        }
        let mut latent = Latent { rows, points };
        let step = papers.div_ceil(SAMPLE).max(1);
        for _ in 0..ROUNDS {
            latent.multiply(vectors, step)?;
        }
        latent.multiply(vectors, 1)?;
        Ok(latent)
    }

    /// Which point is a stem's; beyond the last for one that has none.
    fn row(&self, stem: u32) -> usize {
        let row = self.rows.get(stem as usize).copied();
        row.unwrap_or(NOWHERE) as usize
    }

    /// Multiplies with every paper in `step`, and makes the directions independent of each other.
    fn multiply(&mut self, vectors: &Vectors, step: u32) -> Result<(), Error> {
        let mut next = vec![[0.0; DIRECTIONS]; self.points.len()];
        let docs: Vec<u32> = (0..vectors.papers()).step_by(step as usize).collect();
        let mut units = docs.chunks(UNIT);
        pipeline(
            || Ok(units.by_ref().take(threads() * 4).collect()),
            |unit: &[u32]| {
                let points = unit.iter().map(|&doc| (doc, self.sum(vectors, doc)));
                Ok(points.collect::<Vec<_>>())
            },
            |unit| {
                for (doc, point) in unit {
                    for (term, weight) in vectors.of(doc) {
                        if let Some(sum) = next.get_mut(self.row(term.stem())) {
                            add(sum, &point, f32::from(weight));
                        }
                    }
                }
                Ok(())
            },
        )?;
        self.points = next;
        self.straighten();
        Ok(())
    }

    /// The place of a paper: the sum of its words', by their weights.
    fn sum(&self, vectors: &Vectors, doc: u32) -> Point {
        let mut sum = [0.0; DIRECTIONS];
        for (term, weight) in vectors.of(doc) {
            if let Some(point) = self.points.get(self.row(term.stem())) {
                add(&mut sum, point, f32::from(weight));
            }
        }
        sum
    }

    /// Makes the directions orthogonal, and of length one (Cholesky's way).
    fn straighten(&mut self) {
        let mut lower = squares(&self.points);
        let most = (0..DIRECTIONS).map(|at| at_of(&lower, at, at));
        let least = most.fold(0.0, f64::max) * NOTHING_NEW;
        for column in 0..DIRECTIONS {
            for row in column..DIRECTIONS {
                let known =
                    (0..column).map(|at| at_of(&lower, row, at) * at_of(&lower, column, at));
                let rest = at_of(&lower, row, column) - known.sum::<f64>();
                let value = if row == column {
                    // Of a direction that says nothing new, all that is divided by this is nothing.
                    if rest > least {
                        rest.sqrt()
                    } else {
                        f64::INFINITY
                    }
                } else {
                    rest / at_of(&lower, column, column)
                };
                if let Some(slot) = lower.get_mut(row * DIRECTIONS + column) {
                    *slot = value;
                }
            }
        }
        self.points
            .par_iter_mut()
            .with_min_len(UNIT)
            .for_each(|point| {
                for row in 0..DIRECTIONS {
                    let (before, rest) = point.split_at_mut(row);
                    let known = (0..)
                        .zip(before)
                        .map(|(at, value)| at_of(&lower, row, at) * f64::from(*value));
                    let known = known.sum::<f64>();
                    if let Some(value) = rest.first_mut() {
                        *value = ((f64::from(*value) - known) / at_of(&lower, row, row)) as f32;
                    }
                }
            });
    }

    /// Which way a paper lies: a place at the distance of one, or nowhere.
    pub(super) fn paper(&self, vectors: &Vectors, doc: u32) -> Point {
        let mut point = self.sum(vectors, doc);
        let length = product(&point, &point).sqrt();
        for value in &mut point {
            *value /= length.max(f32::MIN_POSITIVE);
        }
        point
    }

    /// How far a word lies in a paper's direction; 0 if it lies elsewhere.
    pub(super) fn nearness(&self, paper: &Point, stem: u32) -> f32 {
        let point = self.points.get(self.row(stem));
        point.map_or(0.0, |point| product(paper, point).max(0.0))
    }
}

/// A word's place at first: of each direction the one way or the other.
fn signs(stem: u64, directions: usize) -> Point {
    std::array::from_fn(|at| {
        let bits = scatter(stem << 1 | at as u64 >> 6);
        match (at < directions, bits >> (at & 63) & 1 == 1) {
            (false, _) => 0.0,
            (true, true) => 1.0,
            (true, false) => -1.0,
        }
    })
}

/// The finalizer of SplitMix64 (S. Vigna): bits that look random.
fn scatter(number: u64) -> u64 {
    let bits = (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}

fn add(sum: &mut Point, point: &Point, weight: f32) {
    for (sum, value) in sum.iter_mut().zip(point) {
        *sum += value * weight;
    }
}

fn product(one: &Point, other: &Point) -> f32 {
    let mut sums = [0.0; LANES];
    for (one, other) in one.chunks_exact(LANES).zip(other.chunks_exact(LANES)) {
        for (sum, (one, other)) in sums.iter_mut().zip(one.iter().zip(other)) {
            *sum += one * other;
        }
    }
    sums.iter().sum()
}

fn at_of(matrix: &[f64], row: usize, column: usize) -> f64 {
    matrix
        .get(row * DIRECTIONS + column)
        .copied()
        .unwrap_or(0.0)
}

/// The products of all directions with each other, row by row.
fn squares(points: &[Point]) -> Vec<f64> {
    let mut sums = vec![0.0; DIRECTIONS * DIRECTIONS];
    // Rows apart from each other, so that threads share them; each adds up in the order of stems.
    let rows = sums.par_chunks_mut(DIRECTIONS * LANES).enumerate();
    rows.for_each(|(group, rows)| {
        for point in points {
            let wide: [f64; DIRECTIONS] = point.map(f64::from);
            for (row, sums) in rows.chunks_exact_mut(DIRECTIONS).enumerate() {
                let factor = wide.get(group * LANES + row).copied().unwrap_or(0.0);
                for (sum, value) in sums.iter_mut().zip(&wide) {
                    *sum += factor * value;
                }
            }
        }
    });
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A space whose words lie anywhere, the last direction where the first does.
    fn crooked() -> Latent {
        let mut points: Vec<Point> = (0..300).map(|stem| signs(stem, DIRECTIONS)).collect();
        for point in &mut points {
            point[DIRECTIONS - 1] = point[0];
        }
        Latent {
            rows: (0..300).collect(),
            points,
        }
    }

    #[test]
    fn directions_become_orthogonal_and_what_says_nothing_new_is_left_out() {
        let mut latent = crooked();
        latent.straighten();
        let squares = squares(&latent.points);
        for row in 0..DIRECTIONS {
            for column in 0..DIRECTIONS {
                let is_kept = row == column && row < DIRECTIONS - 1;
                let wanted = if is_kept { 1.0 } else { 0.0 };
                let found = at_of(&squares, row, column);
                assert!((found - wanted).abs() < 1e-4, "{row} {column} {found}");
            }
        }
    }

    #[test]
    fn a_space_of_nothing_stays_one() {
        let mut latent = Latent {
            rows: (0..3).collect(),
            points: vec![[0.0; DIRECTIONS]; 3],
        };
        latent.straighten();
        assert!(latent.points.iter().flatten().all(|&value| value == 0.0));
        assert_eq!(latent.nearness(&[0.0; DIRECTIONS], 1), 0.0);
    }

    #[test]
    fn few_papers_span_no_directions() {
        assert!(signs(7, 0).iter().all(|&value| value == 0.0));
        let point = signs(7, 100);
        assert_eq!(product(&point, &point), 100.0);
        assert_ne!(signs(7, 100), signs(8, 100));
    }
}
