//! Where faces are: a small YOLO of separable convolutions.

use crate::{
    frame::Frame,
    geometry::Boxed,
    layers::{Conv, Pad, Separable, Tensor},
    weights::{BadWeights, File, Weights},
};

const MEAN: [f32; 3] = [117.001, 114.697, 97.404];
const ANCHORS: [(f32, f32); 5] = [
    (1.603231, 2.094468),
    (6.041143, 7.080126),
    (2.882459, 3.518061),
    (4.266906, 5.178857),
    (9.041765, 10.66308),
];
const CHANNELS: [usize; 6] = [16, 32, 64, 128, 256, 512];
/// Numbers of one box: place, size, score.
const BOX: usize = 5;
/// Surer than this is a face.
const LEAST: f32 = 0.5;
/// Boxes that share more are the same face.
const SHARED: f32 = 0.4;

pub struct Detector {
    first: Conv,
    blocks: Vec<Separable>,
    last: Conv,
}

impl Detector {
    pub fn read(file: &File) -> Result<Detector, BadWeights> {
        let mut w = Weights::read(file)?;
        let first = Conv::read(&mut w, "conv0", 3, 3, CHANNELS[0])?;
        let blocks = CHANNELS
            .windows(2)
            .enumerate()
            .map(|(n, io)| Separable::read(&mut w, &format!("conv{}", n + 1), io[0], io[1]))
            .collect::<Result<_, _>>()?;
        let last = Conv::read(&mut w, "conv8", 1, CHANNELS[5], ANCHORS.len() * BOX)?;
        Ok(Detector { first, blocks, last })
    }

    fn run(&self, frame: &Frame, size: usize) -> Tensor {
        let x = frame.squared(size, false, MEAN);
        let mut x = self.first.run(&x, 1, Pad::Valid).leaky().max_pool(2, 2, Pad::Same);
        for (n, block) in self.blocks.iter().enumerate() {
            let stride = if n + 1 == self.blocks.len() { 1 } else { 2 };
            x = block.run(&x, 1, Pad::One).leaky().max_pool(2, stride, Pad::Same);
        }
        self.last.run(&x, 1, Pad::Valid)
    }

    /// Score and box of each face, surest first.
    pub fn find(&self, frame: &Frame, size: usize) -> Vec<(f32, Boxed)> {
        let out = self.run(frame, size);
        let (cells, side) = (out.width as f32, frame.width().max(frame.height()) as f32);
        let sigmoid = |v: f32| 1.0 / (1.0 + (-v).exp());
        let mut all = Vec::new();
        for (n, boxes) in out.values.chunks_exact(ANCHORS.len() * BOX).enumerate() {
            let (row, column) = ((n / out.width) as f32, (n % out.width) as f32);
            for (b, anchor) in boxes.chunks_exact(BOX).zip(ANCHORS) {
                let score = sigmoid(b[4]);
                if score <= LEAST {
                    continue;
                }
                let (x, y) = ((column + sigmoid(b[0])) / cells, (row + sigmoid(b[1])) / cells);
                let (w, h) = (b[2].exp() * anchor.0 / cells, b[3].exp() * anchor.1 / cells);
                let at = Boxed {
                    x: (x - w / 2.0) * side,
                    y: (y - h / 2.0) * side,
                    width: w * side,
                    height: h * side,
                };
                all.push((score, at));
            }
        }
        all.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut kept: Vec<(f32, Boxed)> = Vec::new();
        for one in all {
            if kept.iter().all(|k| k.1.overlap(&one.1) <= SHARED) {
                kept.push(one);
            }
        }
        kept
    }
}
