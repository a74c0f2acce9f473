"""posecheck"""
