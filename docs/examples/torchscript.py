"""A PyTorch model to lot and back.

    python3 torchscript.py save model.pt        # before: writes a TorchScript file
    python3 torchscript.py load trained.pt      # after: reads what lot wrote
"""

import sys

import torch
from torch import nn


class Net(nn.Module):
    """Any nn.Module whose forward takes the inputs and gives the logits."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3, padding=1)
        self.norm = nn.BatchNorm2d(8)
        self.drop = nn.Dropout(0.1)
        self.fc = nn.Linear(8 * 8 * 8, 10)

    def forward(self, x):  # [batch, 1, 8, 8]
        x = torch.relu(self.norm(self.conv(x)))
        return self.fc(self.drop(x.flatten(1)))  # [batch, 10]


if __name__ == "__main__":
    command, path = sys.argv[1:]
    if command == "save":
        torch.manual_seed(0)
        torch.jit.script(Net()).save(path)
    else:
        net = Net()
        net.load_state_dict(torch.jit.load(path).state_dict())  # the class again, or use it as it is
        net.eval()
        with torch.no_grad():
            print(" ".join(f"{z:.9g}" for z in net(torch.full((1, 1, 8, 8), 0.5))[0].tolist()))
