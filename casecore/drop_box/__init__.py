"""The drop box (小蜜蜂箱): what lies in it, and how often it is emptied. A stream of the same shape as the others."""
