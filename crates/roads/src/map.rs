//! A road map in memory: one buffer that is the file, and what lies where in it.
//!
//! The arrays are used where they lie. Reading a map is one read of the file and one checksum; nothing is built.

use bytemuck::{Pod, cast_slice, cast_slice_mut};

use crate::build::{self, NONE, TurnGraph, main_component};
use crate::grid;
use crate::hierarchy::{Hierarchy, Shortcut, contract};
use crate::profile::Profile;
use crate::streets::Streets;

const MAGIC: [u8; 8] = *b"TASHIMAP";
/// Raised whenever the arrays change; older files must be imported again.
const VERSION: u32 = 1;
/// Magic, version, number of layers, checksum of what follows, reserved, length in bytes.
const HEAD_BYTES: usize = 32;
/// Arrays of a layer, in this order.
const SECTIONS: usize = 15;

/// Networks of one area, one for each profile it was imported for.
pub struct RoadMap {
    buffer: Vec<u64>,
    layers: Vec<Layer>,
}

/// Why bytes are no road map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadMap {
    #[error("this is no road map")]
    NotAMap,
    #[error("the road map was made by another version; import it again")]
    OtherVersion,
    #[error("the road map is damaged")]
    Damaged,
}

#[derive(Clone, Copy)]
struct Layer {
    profile: Profile,
    sections: [(usize, usize); SECTIONS],
}

/// The network of one profile: slices into the map.
#[derive(Clone, Copy)]
pub struct Network<'a> {
    pub profile: Profile,
    /// By arc (= rank in the hierarchy): piece × 2, plus 1 where it is travelled backward.
    pub(crate) arc_piece: &'a [u32],
    /// By arc: weight and duration in ms.
    pub(crate) arc_cost: &'a [[u32; 2]],
    /// By piece: arcs forward and backward one may start from, or [`NONE`].
    pub(crate) piece_arcs: &'a [[u32; 2]],
    /// By piece: length in cm.
    pub(crate) piece_cm: &'a [u32],
    /// By piece: where its points begin.
    pub(crate) piece_points: &'a [u32],
    /// Degrees × 10⁷, longitude first.
    pub(crate) points: &'a [[i32; 2]],
    pub(crate) up: Side<'a>,
    pub(crate) down: Side<'a>,
    pub(crate) grid: grid::Grid<'a>,
    /// By arc: weight, duration, distance and middle of the shortest way back to its beginning over lower arcs;
    /// weight [`NONE`] where there is none.
    pub(crate) round: &'a [[u32; 4]],
}

/// One direction of the hierarchy: the links of a node lie from `first[node]` to `first[node + 1]`.
#[derive(Clone, Copy)]
pub(crate) struct Side<'a> {
    pub first: &'a [u32],
    /// The higher end, and the weight in ms.
    pub hot: &'a [[u32; 2]],
    /// Duration in ms, distance in cm, and the node in the middle or [`NONE`].
    pub cold: &'a [[u32; 3]],
}

impl RoadMap {
    /// Builds the networks of an area. `streets` are what each profile may use.
    pub fn build<'a>(areas: impl IntoIterator<Item = (Profile, &'a Streets)>) -> RoadMap {
        let mut body = Body::default();
        let mut table: Vec<(Profile, [(usize, usize); SECTIONS])> = vec![];
        for (profile, streets) in areas {
            table.push((profile, layer(&mut body, streets, profile)));
        }
        let entry = 8 + SECTIONS * 16;
        let start = HEAD_BYTES + table.len() * entry;
        let total = start + body.0.len();
        let mut bytes = Vec::with_capacity(total);
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&(table.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&[0; 8]);
        bytes.extend_from_slice(&(total as u64).to_le_bytes());
        for (profile, sections) in &table {
            let number = Profile::ALL.iter().position(|p| p == profile).unwrap_or(0);
            bytes.extend_from_slice(&(number as u64).to_le_bytes());
            for (offset, length) in sections {
                bytes.extend_from_slice(&((offset + start) as u64).to_le_bytes());
                bytes.extend_from_slice(&(*length as u64).to_le_bytes());
            }
        }
        bytes.extend_from_slice(&body.0);
        let sum = crc32fast::hash(&bytes[HEAD_BYTES..]);
        bytes[16..20].copy_from_slice(&sum.to_le_bytes());
        let mut buffer = vec![0_u64; bytes.len().div_ceil(8)];
        cast_slice_mut::<u64, u8>(&mut buffer)[..bytes.len()].copy_from_slice(&bytes);
        let layers = table
            .into_iter()
            .map(|(profile, s)| Layer {
                profile,
                sections: s.map(|(offset, length)| (offset + start, length)),
            })
            .collect();
        RoadMap { buffer, layers }
    }

    /// The file.
    pub fn bytes(&self) -> &[u8] {
        cast_slice(&self.buffer)
    }

    /// Reads a file of `length` bytes.
    ///
    /// # Errors
    /// What the reader answers; [`BadMap`] inside `Ok` for bytes that are no map.
    pub fn read(mut file: impl std::io::Read, length: usize) -> std::io::Result<Result<RoadMap, BadMap>> {
        let mut buffer = vec![0_u64; length.div_ceil(8)];
        file.read_exact(&mut cast_slice_mut::<u64, u8>(&mut buffer)[..length])?;
        Ok(RoadMap::from_buffer(buffer))
    }

    fn from_buffer(buffer: Vec<u64>) -> Result<RoadMap, BadMap> {
        let bytes: &[u8] = cast_slice(&buffer);
        if cfg!(target_endian = "big") || bytes.len() < HEAD_BYTES || bytes[..8] != MAGIC {
            return Err(BadMap::NotAMap);
        }
        let u32_at = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap_or_default());
        let u64_at =
            |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap_or_default()) as usize;
        if u32_at(8) != VERSION {
            return Err(BadMap::OtherVersion);
        }
        let (count, total) = (u32_at(12) as usize, u64_at(24));
        let entry = 8 + SECTIONS * 16;
        if total > bytes.len() || count > Profile::ALL.len() || HEAD_BYTES + count * entry > total {
            return Err(BadMap::Damaged);
        }
        if crc32fast::hash(&bytes[HEAD_BYTES..total]) != u32_at(16) {
            return Err(BadMap::Damaged);
        }
        let mut layers = Vec::with_capacity(count);
        for k in 0..count {
            let at = HEAD_BYTES + k * entry;
            let profile = *Profile::ALL.get(u64_at(at)).ok_or(BadMap::Damaged)?;
            let mut sections = [(0, 0); SECTIONS];
            for (n, section) in sections.iter_mut().enumerate() {
                *section = (u64_at(at + 8 + n * 16), u64_at(at + 16 + n * 16));
                if section.0 % 8 != 0 || section.0.checked_add(section.1).is_none_or(|end| end > total) {
                    return Err(BadMap::Damaged);
                }
            }
            layers.push(Layer { profile, sections });
        }
        Ok(RoadMap { buffer, layers })
    }

    /// The profiles the map was imported for.
    pub fn profiles(&self) -> impl Iterator<Item = Profile> + '_ {
        self.layers.iter().map(|l| l.profile)
    }

    /// The network of a profile, if the map was imported for it.
    pub fn network(&self, profile: Profile) -> Option<Network<'_>> {
        let layer = self.layers.iter().find(|l| l.profile == profile)?;
        let s = |n: usize| -> &[u8] {
            let (offset, length) = layer.sections[n];
            &self.bytes()[offset..offset + length]
        };
        Some(Network {
            profile,
            arc_piece: cast_slice(s(0)),
            arc_cost: cast_slice(s(1)),
            piece_arcs: cast_slice(s(2)),
            piece_cm: cast_slice(s(3)),
            piece_points: cast_slice(s(4)),
            points: cast_slice(s(5)),
            up: Side { first: cast_slice(s(6)), hot: cast_slice(s(7)), cold: cast_slice(s(8)) },
            down: Side { first: cast_slice(s(9)), hot: cast_slice(s(10)), cold: cast_slice(s(11)) },
            grid: grid::Grid { cells: cast_slice(s(12)), pieces: cast_slice(s(13)) },
            round: cast_slice(s(14)),
        })
    }
}

impl Network<'_> {
    /// How many junction-to-junction pieces of street there are.
    pub fn pieces(&self) -> usize {
        self.piece_cm.len()
    }

    /// How many directions of pieces: the nodes of the hierarchy.
    pub fn arcs(&self) -> usize {
        self.arc_piece.len()
    }

    /// How many links the hierarchy has, shortcuts included.
    pub fn links(&self) -> usize {
        self.up.hot.len() + self.down.hot.len()
    }
}

/// The arrays, each at a multiple of eight bytes.
#[derive(Default)]
struct Body(Vec<u8>);

impl Body {
    fn put<T: Pod>(&mut self, array: &[T]) -> (usize, usize) {
        let at = (self.0.len(), std::mem::size_of_val(array));
        self.0.extend_from_slice(cast_slice(array));
        self.0.resize(self.0.len().next_multiple_of(8), 0);
        at
    }
}

fn layer(body: &mut Body, streets: &Streets, profile: Profile) -> [(usize, usize); SECTIONS] {
    let graph = build::turn_graph(streets, profile);
    let main = main_component(&graph);
    let hierarchy = contract(graph.arcs.len(), &graph.links);
    let (arc_piece, arc_cost) = arcs(&graph, &hierarchy);
    let piece_arcs: Vec<[u32; 2]> = graph
        .of_piece
        .iter()
        .map(|pair| {
            pair.map(|a| if a != NONE && main[a as usize] { hierarchy.rank[a as usize] } else { NONE })
        })
        .collect();
    let piece_cm: Vec<u32> =
        streets.pieces.iter().map(|p| (geo::polyline_m(&p.line) * 100.0).round().max(1.0) as u32).collect();
    let mut piece_points = vec![0_u32];
    let mut points: Vec<[i32; 2]> = vec![];
    for piece in &streets.pieces {
        points.extend(piece.line.iter().map(|p| {
            let (lng, lat) = p.e7();
            [lng as i32, lat as i32]
        }));
        piece_points.push(points.len() as u32);
    }
    let usable = |k: usize| piece_arcs[k] != [NONE; 2];
    let (cells, in_cells) = grid::sort(&points, &piece_points, usable);
    let round: Vec<[u32; 4]> = hierarchy
        .round
        .iter()
        .map(|r| r.map_or([NONE; 4], |s| [s.weight, s.duration, s.distance, s.middle]))
        .collect();
    let (up, down) = (side(&hierarchy.up), side(&hierarchy.down));
    [
        body.put(&arc_piece),
        body.put(&arc_cost),
        body.put(&piece_arcs),
        body.put(&piece_cm),
        body.put(&piece_points),
        body.put(&points),
        body.put(&up.0),
        body.put(&up.1),
        body.put(&up.2),
        body.put(&down.0),
        body.put(&down.1),
        body.put(&down.2),
        body.put(&cells),
        body.put(&in_cells),
        body.put(&round),
    ]
}

fn arcs(graph: &TurnGraph, hierarchy: &Hierarchy) -> (Vec<u32>, Vec<[u32; 2]>) {
    let mut pieces = vec![0_u32; graph.arcs.len()];
    let mut costs = vec![[0_u32; 2]; graph.arcs.len()];
    for (arc, &rank) in graph.arcs.iter().zip(&hierarchy.rank) {
        pieces[rank as usize] = arc.piece * 2 + u32::from(!arc.forward);
        costs[rank as usize] = [arc.weight, arc.duration];
    }
    (pieces, costs)
}

type Arrays = (Vec<u32>, Vec<[u32; 2]>, Vec<[u32; 3]>);

fn side(lists: &[Vec<Shortcut>]) -> Arrays {
    let (mut first, mut hot, mut cold) = (vec![0_u32], vec![], vec![]);
    for list in lists {
        for s in list {
            hot.push([s.other, s.weight]);
            cold.push([s.duration, s.distance, s.middle]);
        }
        first.push(hot.len() as u32);
    }
    (first, hot, cold)
}
