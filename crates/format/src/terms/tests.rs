#![allow(clippy::unwrap_used, clippy::indexing_slicing)]
use super::*;
use crate::expansions::expansion;
use crate::postings::Posting;
use proptest::prelude::*;

fn posting(doc: u32, frequency: u8, in_abstract: bool) -> Posting {
    Posting {
        doc,
        frequency,
        in_abstract,
    }
}

fn segment() -> Segment {
    Segment {
        papers: 100,
        inline_limit: 3,
        ..Segment::default()
    }
}

const FORM: Form = Form {
    number: 3,
    rank: Some(100),
};

fn sample() -> Vec<u8> {
    let segment = segment();
    let mut writer = ShardWriter::new(&segment);
    let inline = Entry {
        title_count: 1,
        body_count: 2,
        lists: Lists::Inline(
            vec![posting(5, 30, false)],
            vec![posting(1, 2, true), posting(99, 31, true)],
        ),
        positions: Positions {
            at: Address::default(),
            bytes: 12,
            gaps: None,
        },
        expansions: Expansions::Inline(vec![expansion(2, 3), expansion(98, 0)]),
    };
    let external = Entry {
        title_count: 0,
        body_count: 40,
        lists: Lists::External {
            at: Address {
                block: 7,
                offset: 123,
            },
            title_bytes: 0,
            body_bytes: 55,
            late: Some(Late {
                count: 30,
                bytes: 70_000,
            }),
        },
        positions: Positions {
            at: Address {
                block: 2,
                offset: 80,
            },
            bytes: 900,
            gaps: Some(800),
        },
        expansions: Expansions::External {
            count: 5,
            at: Address {
                block: 7,
                offset: 178,
            },
            bytes: 6,
        },
    };
    writer.word("graph", Some(10), || inline.clone(), None);
    writer.form(FORM);
    writer.word(
        "graphics",
        Some(11),
        || external.clone(),
        Some(NamesEntry::Inline(vec![3])),
    );
    writer.word("graphs", Some(10), || unreachable!(), None);
    writer.word(
        "gray",
        None,
        || unreachable!(),
        Some(NamesEntry::Inline(vec![0, 1, 2])),
    );
    writer.word(
        "green",
        None,
        || unreachable!(),
        Some(NamesEntry::External {
            count: 9,
            at: Address {
                block: 6,
                offset: 9,
            },
            bytes: 4,
        }),
    );
    writer.prefix(PrefixEntry {
        prefix: "gr".into(),
        count: 50,
        best: 20,
        at: Address {
            block: 1,
            offset: 2,
        },
        best_bytes: 30,
        rest_bytes: Some(0),
    });
    writer.finish().unwrap()
}

#[test]
fn a_shard_comes_back() {
    let payload = sample();
    let shard = Shard::read(&payload, &segment()).unwrap();
    assert_eq!(shard.len(), 5);
    assert_eq!(shard.with_prefix("graph"), 0..3);
    assert_eq!(shard.with_prefix("h"), 5..5);
    let (graph, graphs) = (shard.find("graph").unwrap(), shard.find("graphs").unwrap());
    assert_eq!(shard.entry_number(graph), shard.entry_number(graphs));
    let entry = shard.entry(shard.entry_number(graph).unwrap()).unwrap();
    assert_eq!((entry.title_count, entry.body_count), (1, 2));
    assert_eq!(
        (entry.positions.at, entry.positions.bytes),
        (Address::default(), 12)
    );
    assert_eq!(shard.form(graph), FORM);
    assert_eq!(shard.form(graphs), Form::default());
    assert!(matches!(&entry.lists, Lists::Inline(title, body)
        if title == &[posting(5, 30, false)] && body.len() == 2));
    let graphics = shard.find("graphics").unwrap();
    assert_eq!(shard.names(graphics), Some(&NamesEntry::Inline(vec![3])));
    assert!(matches!(
        shard
            .entry(shard.entry_number(graphics).unwrap())
            .unwrap()
            .lists,
        Lists::External {
            at: Address {
                block: 7,
                offset: 123
            },
            title_bytes: 0,
            body_bytes: 55,
            late: Some(Late {
                count: 30,
                bytes: 70_000,
            }),
        }
    ));
    let positions = shard.entry(1).unwrap().positions;
    assert_eq!((positions.at.block, positions.at.offset), (2, 80));
    assert_eq!((positions.bytes, positions.gaps), (900, Some(800)));
    let green = shard.find("green").unwrap();
    assert_eq!(shard.entry_number(green), None);
    assert_eq!(shard.names(green).map(NamesEntry::count), Some(9));
    assert_eq!(shard.prefix("gr").unwrap().rest_bytes, Some(0));
    assert!(shard.prefix("gx").is_none());
}

#[test]
fn words_out_of_order_are_refused() {
    let segment = segment();
    let mut writer = ShardWriter::new(&segment);
    for word in ["b", "a"] {
        writer.word(
            word,
            None,
            || unreachable!(),
            Some(NamesEntry::Inline(vec![1])),
        );
    }
    assert_eq!(writer.finish(), Err(Fault::Dictionary));
}

proptest! {
    #[test]
    fn forged_shards_never_panic(
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut payload = sample();
        for (at, value) in flips {
            let at = at.index(payload.len());
            payload[at] = value;
        }
        let _ = Shard::read(&payload, &segment());
        let _ = Shard::read(&payload[..cut.index(payload.len())], &segment());
    }
}
