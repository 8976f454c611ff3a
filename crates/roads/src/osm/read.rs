//! The two passes over the file.

use std::io::Read;
use std::ops::Range;

use geo::LngLat;
use osmpbf::{Element, ElementReader, RelMemberType};

use super::OsmError;
use super::restriction::{Found, Restriction, restriction};
use crate::profile::{Profile, Tags, WayRule};
use crate::streets::{Obstacle, ObstacleKind};

/// What matters of an extract: the ways some profile may use, their nodes, and turn restrictions.
pub struct Extract {
    pub(super) profiles: Vec<Profile>,
    pub(super) ways: Vec<Way>,
    /// Node numbers of all ways, one after the other.
    pub(super) refs: Vec<i64>,
    /// Sorted numbers of the nodes in use, and where they are; `None`: the extract was cut and lacks it.
    pub(super) ids: Vec<i64>,
    pub(super) places: Vec<Option<LngLat>>,
    /// Signs, signals and barriers, sorted by index into `ids`.
    pub(super) marks: Vec<(u32, Mark)>,
    pub(super) restrictions: Vec<Restriction>,
    /// Turn restrictions that are not applied.
    pub left_out: usize,
}

pub(super) struct Way {
    pub id: i64,
    pub nodes: Range<usize>,
    /// Beside `Extract::profiles`.
    pub rules: Vec<Option<WayRule>>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Mark {
    pub obstacles: Vec<Obstacle>,
    /// Beside `Extract::profiles`.
    pub blocks: Vec<bool>,
}

impl Extract {
    /// How many ways some profile may use.
    pub fn ways(&self) -> usize {
        self.ways.len()
    }

    /// How many turn restrictions are applied.
    pub fn restrictions(&self) -> usize {
        self.restrictions.len()
    }

    pub(super) fn index(&self, node: i64) -> Option<u32> {
        self.ids.binary_search(&node).ok().map(|i| i as u32)
    }

    pub(super) fn mark(&self, index: u32) -> Option<&Mark> {
        self.marks.binary_search_by_key(&index, |m| m.0).ok().map(|i| &self.marks[i].1)
    }
}

pub(super) fn ways<R: Read + Send>(file: R, profiles: &[Profile]) -> Result<Extract, OsmError> {
    let mut extract = Extract {
        profiles: profiles.to_vec(),
        ways: vec![],
        refs: vec![],
        ids: vec![],
        places: vec![],
        marks: vec![],
        restrictions: vec![],
        left_out: 0,
    };
    ElementReader::new(file).for_each(|element| match element {
        Element::Way(way) => {
            let tags: Tags = way.tags().collect();
            if tags.get("highway").is_none() && tags.get("route").is_none() {
                return;
            }
            let rules: Vec<Option<WayRule>> = profiles.iter().map(|p| p.way(&tags)).collect();
            if rules.iter().all(Option::is_none) {
                return;
            }
            let start = extract.refs.len();
            for node in way.refs() {
                if extract.refs.len() == start || extract.refs.last() != Some(&node) {
                    extract.refs.push(node);
                }
            }
            if extract.refs.len() - start < 2 {
                extract.refs.truncate(start);
                return;
            }
            extract.ways.push(Way { id: way.id(), nodes: start..extract.refs.len(), rules });
        }
        Element::Relation(relation) => {
            let tags: Tags = relation.tags().collect();
            if !tags.is("type", "restriction") {
                return;
            }
            let members: Vec<(String, bool, i64)> = relation
                .members()
                .filter(|m| m.member_type != RelMemberType::Relation)
                .filter_map(|m| {
                    Some((m.role().ok()?.to_owned(), m.member_type == RelMemberType::Node, m.member_id))
                })
                .collect();
            match restriction(&tags, &members) {
                Found::Rules(rules) => extract.restrictions.extend(rules),
                Found::LeftOut => extract.left_out += 1,
            }
        }
        Element::Node(_) | Element::DenseNode(_) => {}
    })?;
    extract.ids = extract.refs.clone();
    extract.ids.sort_unstable();
    extract.ids.dedup();
    extract.places = vec![None; extract.ids.len()];
    Ok(extract)
}

pub(super) fn nodes<R: Read + Send>(file: R, extract: &mut Extract) -> Result<(), OsmError> {
    let profiles = extract.profiles.clone();
    let mut marks: Vec<(u32, Mark)> = vec![];
    let ids = &extract.ids;
    let places = &mut extract.places;
    let mut take = |id: i64, lng: f64, lat: f64, tags: &Tags| {
        let Ok(index) = ids.binary_search(&id) else { return };
        places[index] = LngLat::new(lng, lat).ok();
        if let Some(mark) = mark(tags, &profiles) {
            marks.push((index as u32, mark));
        }
    };
    ElementReader::new(file).for_each(|element| match element {
        Element::Node(n) => take(n.id(), n.lon(), n.lat(), &n.tags().collect()),
        Element::DenseNode(n) => take(n.id(), n.lon(), n.lat(), &n.tags().collect()),
        Element::Way(_) | Element::Relation(_) => {}
    })?;
    marks.sort_by_key(|m| m.0);
    extract.marks = marks;
    Ok(())
}

/// What a node does to those who pass it.
fn mark(tags: &Tags, profiles: &[Profile]) -> Option<Mark> {
    let mut mark = Mark { obstacles: vec![], blocks: profiles.iter().map(|p| p.blocks(tags)).collect() };
    let kind = match tags.get("highway") {
        Some("traffic_signals") => Some(ObstacleKind::Signal),
        Some("stop") if tags.is("stop", "minor") => Some(ObstacleKind::StopMinor),
        Some("stop") => Some(ObstacleKind::Stop),
        Some("give_way") => Some(ObstacleKind::GiveWay),
        _ => None,
    };
    if let Some(kind) = kind {
        let own = tags.get("traffic_signals:direction").filter(|_| kind == ObstacleKind::Signal);
        let along = match own.or(tags.get("direction")) {
            Some("forward") => Some(true),
            Some("backward") => Some(false),
            _ => None,
        };
        mark.obstacles.push(Obstacle { kind, along });
    }
    (!mark.obstacles.is_empty() || mark.blocks.contains(&true)).then_some(mark)
}
