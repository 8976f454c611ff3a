//! From streets to arcs and turns: the edge-based graph. An arc is a piece travelled in one direction; two arcs
//! are linked where one may go on from the one to the other.

mod component;
mod turns;

use geo::polyline_m;

use crate::profile::Profile;
use crate::streets::Streets;

pub(crate) use component::main_component;

/// No such arc.
pub(crate) const NONE: u32 = u32::MAX;

/// A piece in one direction.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arc {
    pub piece: u32,
    pub forward: bool,
    /// Milliseconds; `weight` is what ways are compared by.
    pub weight: u32,
    pub duration: u32,
    /// Centimetres.
    pub distance: u32,
}

/// Going on from one arc to another: the whole of the first, and the turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Link {
    pub from: u32,
    pub to: u32,
    pub weight: u32,
    pub duration: u32,
    pub distance: u32,
}

/// The edge-based graph.
#[derive(Debug, Default)]
pub(crate) struct TurnGraph {
    pub arcs: Vec<Arc>,
    /// Forward and backward arc of every piece, or [`NONE`].
    pub of_piece: Vec<[u32; 2]>,
    pub links: Vec<Link>,
}

pub(crate) fn turn_graph(streets: &Streets, profile: Profile) -> TurnGraph {
    let mut graph = TurnGraph { of_piece: vec![[NONE; 2]; streets.pieces.len()], ..TurnGraph::default() };
    for (k, piece) in streets.pieces.iter().enumerate() {
        let metres = polyline_m(&piece.line);
        let sides = [(piece.forward, true), (piece.backward, false)];
        for (side, (travel, forward)) in sides.into_iter().enumerate() {
            let Some(travel) = travel else { continue };
            let seconds = metres / f64::from(travel.speed_mps.max(0.01));
            graph.of_piece[k][side] = graph.arcs.len() as u32;
            graph.arcs.push(Arc {
                piece: k as u32,
                forward,
                weight: (seconds * f64::from(travel.burden) * 1000.0).round().max(1.0) as u32,
                duration: (seconds * 1000.0).round().max(1.0) as u32,
                distance: (metres * 100.0).round().max(1.0) as u32,
            });
        }
    }
    graph.links = turns::links(streets, profile, &graph);
    graph
}
