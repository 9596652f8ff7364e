//! Clusters around medoids, by the fast eager swap.
//!
//! A medoid is the object with the least sum of distances to its cluster. Starting from any of
//! them, each is swapped for another object as soon as one is met that makes the sum over all
//! clusters smaller; what it would be for every medoid at once follows from each object's nearest
//! and second medoid (FasterPAM: E. Schubert and P. J. Rousseeuw, "Fast and eager k-medoids
//! clustering", Information Systems 101, 2021).
//!
//! Distances and sums are integers, and objects are met in their order, so that nothing but the
//! distances decides.

/// Passes over all objects after which what was found is taken. The sum falls with every swap, so
/// it ends anyway; so many passes are never needed.
const PASSES: usize = 100;

/// How far objects are from each other, the same both ways.
pub(super) struct Distances {
    count: usize,
    /// Row by row.
    all: Vec<u16>,
}

impl Distances {
    /// Of so many objects; the rows follow each other.
    pub(super) fn new(count: usize, rows: Vec<u16>) -> Self {
        Distances { count, all: rows }
    }

    pub(super) fn row(&self, object: usize) -> &[u16] {
        let start = object * self.count;
        self.all.get(start..start + self.count).unwrap_or_default()
    }

    fn between(&self, one: usize, other: usize) -> u16 {
        self.row(one).get(other).copied().unwrap_or(u16::MAX)
    }
}

/// The medoids nearest to an object, as places among the medoids, and how far they are.
#[derive(Clone, Copy, Default)]
struct Near {
    first: usize,
    second: usize,
    to_first: u16,
    to_second: u16,
}

/// Finds so many medoids, as numbers of objects; all objects where there are no more of them.
pub(super) fn find(distances: &Distances, wanted: usize) -> Vec<usize> {
    let count = distances.count;
    let wanted = wanted.min(count);
    let mut medoids: Vec<usize> = (0..wanted).map(|at| at * count / wanted).collect();
    if wanted == 1 {
        return center(distances).into_iter().collect();
    }
    if wanted == count {
        return medoids;
    }
    let mut near: Vec<Near> = (0..count)
        .map(|o| nearest(distances, &medoids, o))
        .collect();
    let mut losses = removal(&near, wanted);
    let mut unchanged = 0;
    for candidate in (0..count).cycle().take(count * PASSES) {
        if unchanged >= count {
            break;
        }
        unchanged += 1;
        if medoids.contains(&candidate) {
            continue;
        }
        let Some((place, change)) = best_swap(distances, &near, &losses, candidate) else {
            continue;
        };
        if change < 0
            && let Some(medoid) = medoids.get_mut(place)
        {
            *medoid = candidate;
            for (object, near) in near.iter_mut().enumerate() {
                *near = nearest(distances, &medoids, object);
            }
            losses = removal(&near, wanted);
            unchanged = 0;
        }
    }
    medoids
}

/// The medoid of all objects.
fn center(distances: &Distances) -> Option<usize> {
    let sum =
        |object: &usize| -> u64 { distances.row(*object).iter().map(|&d| u64::from(d)).sum() };
    (0..distances.count).min_by_key(sum)
}

/// The two nearest medoids of an object; the first among equals.
fn nearest(distances: &Distances, medoids: &[usize], object: usize) -> Near {
    let mut near = Near {
        to_first: u16::MAX,
        to_second: u16::MAX,
        ..Near::default()
    };
    for (place, &medoid) in medoids.iter().enumerate() {
        let distance = match medoid == object {
            true => 0,
            false => distances.between(object, medoid),
        };
        if place == 0 || distance < near.to_first {
            (near.second, near.to_second) = (near.first, near.to_first);
            (near.first, near.to_first) = (place, distance);
        } else if place == 1 || distance < near.to_second {
            (near.second, near.to_second) = (place, distance);
        }
    }
    near
}

/// By how much the sum would grow without each medoid.
fn removal(near: &[Near], medoids: usize) -> Vec<i64> {
    let mut losses = vec![0; medoids];
    for near in near {
        if let Some(loss) = losses.get_mut(near.first) {
            *loss += i64::from(near.to_second) - i64::from(near.to_first);
        }
    }
    losses
}

/// The medoid whose place an object should take, and how the sum would change.
fn best_swap(
    distances: &Distances,
    near: &[Near],
    losses: &[i64],
    candidate: usize,
) -> Option<(usize, i64)> {
    let mut losses = losses.to_vec();
    let mut gain = 0;
    for (near, &distance) in near.iter().zip(distances.row(candidate)) {
        if distance >= near.to_second {
            continue;
        }
        let Some(loss) = losses.get_mut(near.first) else {
            continue;
        };
        let (to_first, to_second) = (i64::from(near.to_first), i64::from(near.to_second));
        if distance < near.to_first {
            gain += i64::from(distance) - to_first;
            *loss += to_first - to_second;
        } else {
            *loss += i64::from(distance) - to_second;
        }
    }
    let best = losses.into_iter().enumerate().min_by_key(|&(_, loss)| loss);
    best.map(|(place, loss)| (place, loss + gain))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]
    use super::*;

    /// Points on a line.
    fn line(points: &[u16]) -> Distances {
        let rows = points
            .iter()
            .flat_map(|&one| points.iter().map(move |&other| one.abs_diff(other)));
        Distances::new(points.len(), rows.collect())
    }

    fn sum(distances: &Distances, medoids: &[usize]) -> u64 {
        let to_nearest = |object: usize| {
            let each = medoids.iter().map(|&m| distances.between(object, m));
            u64::from(each.min().unwrap_or(0))
        };
        (0..distances.count).map(to_nearest).sum()
    }

    #[test]
    fn planted_clusters_are_found_whatever_the_order() {
        // Four heaps, objects of all mixed.
        for step in [1, 3, 7, 11] {
            let points: Vec<u16> = (0..40u16)
                .map(|at| at * step % 40)
                .map(|at| at % 4 * 1000 + at / 4 * 3)
                .collect();
            let distances = line(&points);
            let medoids = find(&distances, 4);
            let mut heaps: Vec<u16> = medoids.iter().map(|&m| points[m] / 1000).collect();
            heaps.sort_unstable();
            assert_eq!(heaps, [0, 1, 2, 3], "step {step}");
            // The middle of ten at equal distances.
            assert!(
                medoids
                    .iter()
                    .all(|&m| [12, 15].contains(&(points[m] % 1000)))
            );
        }
    }

    #[test]
    fn no_single_swap_makes_it_better() {
        let points: Vec<u16> = (0..60u32)
            .map(|at| (at * at * 7919 % 5003) as u16)
            .collect();
        let distances = line(&points);
        for wanted in [1, 2, 5, 9] {
            let medoids = find(&distances, wanted);
            assert_eq!(medoids.len(), wanted);
            let found = sum(&distances, &medoids);
            for place in 0..wanted {
                for other in 0..points.len() {
                    let mut swapped = medoids.clone();
                    swapped[place] = other;
                    assert!(sum(&distances, &swapped) >= found);
                }
            }
        }
    }

    #[test]
    fn few_objects_are_all_medoids() {
        let distances = line(&[4, 9]);
        assert_eq!(find(&distances, 5), [0, 1]);
        assert_eq!(find(&distances, 0), [0usize; 0]);
        assert_eq!(find(&line(&[]), 3), [0usize; 0]);
    }
}
