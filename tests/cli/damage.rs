//! Random damage to a site: `verify` notices every bit of it.

use std::fs;
use std::path::PathBuf;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};

use super::place::{Place, RECORDS};

/// How often to damage the site: where everything is required, as in CI, as often as is promised;
/// otherwise so that the tests stay quick.
fn rounds() -> u32 {
    if std::env::var_os("OFFPRINT_REQUIRE").is_some() {
        10_000
    } else {
        500
    }
}

#[test]
fn random_flips_cuts_and_swaps_are_all_noticed() {
    damage("chunks");
}

#[test]
fn the_same_in_packs() {
    damage("packs");
}

fn damage(layout: &str) {
    let place = Place::new();
    place.write("papers.jsonl", RECORDS.join("\n"));
    let args = ["papers.jsonl", "--layout", layout, "--topics", "2"];
    place.index(&args).expect(0);
    let sound = place.tree("site");
    let files: Vec<(&PathBuf, &Vec<u8>)> = sound
        .iter()
        .filter(|(_, bytes)| !bytes.is_empty())
        .collect();
    let mut rng = StdRng::seed_from_u64(4);
    for round in 0..rounds() {
        let (path, bytes) = *files.choose(&mut rng).unwrap();
        let mut touched = vec![(path, bytes)];
        let mut damaged = bytes.clone();
        match round % 5 {
            0..=2 => {
                let at = rng.random_range(0..damaged.len());
                damaged[at] ^= 1 << rng.random_range(0..8);
            }
            3 => damaged.truncate(rng.random_range(0..damaged.len())),
            _ => {
                let others: Vec<_> = files.iter().filter(|(_, other)| *other != bytes).collect();
                let (other, content) = **others.choose(&mut rng).unwrap();
                damaged = content.clone();
                fs::write(place.path("site").join(other), bytes).unwrap();
                touched.push((other, content));
            }
        }
        fs::write(place.path("site").join(path), damaged).unwrap();
        place.run(&["verify", "site"]).expect(4);
        for (path, bytes) in touched {
            fs::write(place.path("site").join(path), bytes).unwrap();
        }
    }
    place.run(&["verify", "site"]).expect(0);
}
