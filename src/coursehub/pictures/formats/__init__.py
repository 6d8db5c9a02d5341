"""The formats of pictures that posts may show: each module reads one, with one pass over the bytes."""
