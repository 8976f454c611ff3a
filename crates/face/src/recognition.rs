//! The 128 numbers that tell people apart: a residual net of 29 layers.

use crate::{
    frame::Frame,
    layers::{Conv, Pad, Tensor, product},
    weights::{BadWeights, File, Weights},
};

const MEAN: [f32; 3] = [122.782, 117.001, 104.298];
const SIZE: usize = 150;
/// Numbers of a descriptor.
const NUMBERS: usize = 128;
/// Name, channels in and out, and whether the block halves the picture.
const BLOCKS: [(&str, usize, usize, bool); 14] = [
    ("conv32_1", 32, 32, false),
    ("conv32_2", 32, 32, false),
    ("conv32_3", 32, 32, false),
    ("conv64_down", 32, 64, true),
    ("conv64_1", 64, 64, false),
    ("conv64_2", 64, 64, false),
    ("conv64_3", 64, 64, false),
    ("conv128_down", 64, 128, true),
    ("conv128_1", 128, 128, false),
    ("conv128_2", 128, 128, false),
    ("conv256_down", 128, 256, true),
    ("conv256_1", 256, 256, false),
    ("conv256_2", 256, 256, false),
    ("conv256_down_out", 256, 256, true),
];

/// What tells a person apart. Its distance to another is small for the same person.
#[derive(Debug, Clone, PartialEq)]
pub struct Descriptor(Vec<f32>);

impl Descriptor {
    /// The 128 numbers.
    pub fn values(&self) -> &[f32] {
        &self.0
    }

    /// From what was kept. None: not one.
    pub fn from_values(values: Vec<f32>) -> Option<Descriptor> {
        (values.len() == NUMBERS && values.iter().all(|v| v.is_finite())).then_some(Descriptor(values))
    }

    /// Euclidean distance to another; what it means is said of [`Template`](crate::Template).
    pub fn distance(&self, other: &Descriptor) -> f32 {
        self.0.iter().zip(&other.0).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt()
    }
}

/// A convolution with its scale folded into its weights.
fn scaled(
    w: &mut Weights,
    at: &str,
    window: usize,
    inputs: usize,
    outputs: usize,
) -> Result<Conv, BadWeights> {
    let mut filters = w.take(&format!("{at}/conv/filters"), &[window, window, inputs, outputs])?;
    let bias = w.take(&format!("{at}/conv/bias"), &[outputs])?;
    let scale = w.take(&format!("{at}/scale/weights"), &[outputs])?;
    let add = w.take(&format!("{at}/scale/biases"), &[outputs])?;
    for line in filters.chunks_exact_mut(outputs) {
        line.iter_mut().zip(&scale).for_each(|(f, s)| *f *= s);
    }
    let bias = bias.iter().zip(&scale).zip(&add).map(|((b, s), a)| b * s + a).collect();
    Ok(Conv::new(window, inputs, filters, bias))
}

struct Block {
    convs: [Conv; 2],
    outputs: usize,
    halves: bool,
}

impl Block {
    fn run(&self, x: &Tensor) -> Tensor {
        if !self.halves {
            let y = self.convs[0].run(x, 1, Pad::Same).relu();
            return self.convs[1].run(&y, 1, Pad::Same).plus(x).relu();
        }
        let y = self.convs[0].run(x, 2, Pad::Valid).relu();
        let y = self.convs[1].run(&y, 1, Pad::Same);
        let short = x.mean_pool(2, 2);
        let short = short.widened(short.height, short.width, self.outputs);
        y.widened(short.height, short.width, self.outputs).plus(&short).relu()
    }
}

pub struct Net {
    first: Conv,
    blocks: Vec<Block>,
    last: Vec<f32>,
}

impl Net {
    pub fn read(file: &File) -> Result<Net, BadWeights> {
        let mut w = Weights::read(file)?;
        let first = scaled(&mut w, "conv32_down", 7, 3, 32)?;
        let mut blocks = Vec::new();
        for (name, inputs, outputs, halves) in BLOCKS {
            let convs = [
                scaled(&mut w, &format!("{name}/conv1"), 3, inputs, outputs)?,
                scaled(&mut w, &format!("{name}/conv2"), 3, outputs, outputs)?,
            ];
            blocks.push(Block { convs, outputs, halves });
        }
        Ok(Net { first, blocks, last: w.take("fc", &[256, NUMBERS])? })
    }

    /// The numbers of a face that was cut out by its points.
    pub fn descriptor(&self, face: &Frame) -> Descriptor {
        let x = face.squared(SIZE, true, MEAN);
        let mut x = self.first.run(&x, 2, Pad::Valid).relu().max_pool(3, 2, Pad::Valid);
        for block in &self.blocks {
            x = block.run(&x);
        }
        let mut out = vec![0.0; NUMBERS];
        product(&x.mean(), &self.last, &[0.0; NUMBERS], 256, &mut out);
        Descriptor(out)
    }
}
