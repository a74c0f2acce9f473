"""The edges: files, camera, model, voice. Each module here touches one outside thing."""
